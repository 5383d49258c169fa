/** One way of matching text, as a backtracking engine goes about it. */
type Node =
  | { readonly kind: 'character'; readonly is: (character: string) => boolean; readonly sample: string }
  | { readonly kind: 'edge'; readonly is: (text: string, at: number) => boolean }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly branches: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly least: number; readonly most: number };

/** A regular expression taken apart; of what the specs have no need it throws. */
export const parseRegex = ({ source, flags }: RegExp): Node => {
  const parts = source.match(PARTS) ?? [];
  let next = 0;
  const sequence = (): Node => {
    const nodes: Node[] = [];
    while (next < parts.length && parts[next] !== '|' && parts[next] !== ')') nodes.push(repeated(single()));
    return { kind: 'sequence', nodes };
  };
  const choice = (): Node => {
    const branches = [sequence()];
    while (parts[next] === '|') {
      next += 1;
      branches.push(sequence());
    }
    return branches.length === 1 ? branches[0]! : { kind: 'choice', branches };
  };
  const single = (): Node => {
    const part = parts[next]!;
    next += 1;
    if (part.startsWith('(?') && part !== '(?:') throw new Error(`${part} in ${source} is not understood`);
    if (!part.startsWith('(')) return leaf(part, source, flags);
    const inside = choice();
    next += 1;
    return inside;
  };
  const repeated = (node: Node): Node => {
    const times = TIMES.exec(parts[next] ?? '');
    if (times === null) return node;
    next += 1;
    const [, sign = '', least = '', comma = '', most = ''] = times;
    const [from, to] = SIGNS[sign] ?? [
      Number(least),
      comma === '' ? Number(least) : most === '' ? Infinity : Number(most),
    ];
    return { kind: 'repeat', node, least: from, most: to };
  };
  return choice();
};

/** Groups, classes, escapes, quantifiers, and all else character by character. */
const PARTS =
  /\(\?[:=!]|\(\?<[=!]|\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u[0-9a-f]{4}|\\.|[*+?]\??|\{\d+(?:,\d*)?\}\??|[^]/giu;
const TIMES = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??$/;
const SIGNS: Readonly<Record<string, readonly [number, number]>> = {
  '*': [0, Infinity],
  '+': [1, Infinity],
  '?': [0, 1],
};

const leaf = (part: string, source: string, flags: string): Node => {
  if (part === '^') return { kind: 'edge', is: (_, at) => at === 0 };
  if (part === '$') return { kind: 'edge', is: (text, at) => at === text.length };
  const alone = new RegExp(`^${part}$`, flags.replace('g', ''));
  const is = (character: string) => alone.test(character);
  return { kind: 'character', is, sample: alphabetOf(source).find(is) ?? 'a' };
};

const alphabetOf = (source: string): readonly string[] => [...new Set(`a0 -/"\n\u0007${source}`)];

/** The shortest text that a node matches. */
const sampleOf = (node: Node): string => {
  switch (node.kind) {
    case 'character':
      return node.sample;
    case 'edge':
      return '';
    case 'sequence':
      return node.nodes.map(sampleOf).join('');
    case 'choice':
      return sampleOf(node.branches[0]!);
    case 'repeat':
      return sampleOf(node.node).repeat(Math.max(1, node.least));
  }
};

const partsOf = (node: Node): readonly Node[] => {
  const inner =
    'nodes' in node ? node.nodes : 'branches' in node ? node.branches : 'node' in node ? [node.node] : [];
  return [node, ...inner.flatMap(partsOf)];
};

const beginningsOf = (node: Node): readonly string[] =>
  'nodes' in node
    ? node.nodes.map((_, count) => sampleOf({ kind: 'sequence', nodes: node.nodes.slice(0, count) }))
    : [''];

/** Texts that a regular expression is most likely to stumble over: something of its own again and again, then its end. */
export const hostileTexts = (regex: RegExp, times: number): readonly string[] => {
  const node = parseRegex(regex);
  const again = new Set([...alphabetOf(regex.source), ...partsOf(node).map(sampleOf)]);
  return [...new Set(beginningsOf(node))].flatMap((beginning) =>
    [...again].flatMap((each) => ['', '!\u0000', 'a'].map((end) => beginning + each.repeat(times) + end)),
  );
};

/** More than any sound expression needs. */
const MOST_STEPS = 300_000;

/** How many steps a backtracking engine takes to look for the expression from every place of a text. */
export const stepsOf = (regex: RegExp, text: string, node = parseRegex(regex)): number => {
  let steps = 0;
  const matches = (part: Node, at: number, then: (at: number) => boolean): boolean => {
    steps += 1;
    if (steps > MOST_STEPS) throw new Error(`${String(regex)} needs more than ${MOST_STEPS} steps`);
    switch (part.kind) {
      case 'character':
        return at < text.length && part.is(text[at]!) && then(at + 1);
      case 'edge':
        return part.is(text, at) && then(at);
      case 'sequence':
        return part.nodes.reduceRight<(at: number) => boolean>(
          (rest, each) => (place) => matches(each, place, rest),
          then,
        )(at);
      case 'choice':
        return part.branches.some((branch) => matches(branch, at, then));
      case 'repeat':
        return again(part, at, 0, then);
    }
  };
  const again = (
    part: Extract<Node, { kind: 'repeat' }>,
    at: number,
    done: number,
    then: (at: number) => boolean,
  ): boolean =>
    (done < part.most &&
      matches(part.node, at, (place) => place > at && again(part, place, done + 1, then))) ||
    (done >= part.least && then(at));
  for (let start = 0; start <= text.length;) {
    let end = -1;
    const found = matches(node, start, (at) => {
      end = at;
      return true;
    });
    if (found && !regex.global) break;
    start = Math.max(end, start + 1);
  }
  return steps;
};
