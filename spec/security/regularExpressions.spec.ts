import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import ts from 'typescript';
import { replyPattern } from '../../lib/wire/replyPattern.ts';
import { answerOf } from '../wire/recorded.ts';
import { hostileTexts, parseRegex, stepsOf } from './regexSteps.ts';

const lib = new URL('../../lib/', import.meta.url);

const regexOf = (literal: string): RegExp => {
  const end = literal.lastIndexOf('/');
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
};

/** The one file that puts regular expressions together: of its own parts, in the order of a reply's keys. */
const MAKER = 'wire/replyPattern.ts';

/** A recorded reply to an accepted order. */
const reply = /\[(\{.*\})\]\}\}$/.exec(answerOf('batch-commands', 'load-bid').data)?.[1] ?? '';

/** Every regular expression in the sources, and where it stands. */
const all = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('scaffold'))
  .flatMap((file) => {
    const text = readFileSync(new URL(file, lib), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    const found: { readonly file: string; readonly regex: RegExp }[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) found.push({ file, regex: regexOf(node.text) });
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });

describe('the regular expressions', () => {
  it('are found, and none is put together out of texts but those of replies', () => {
    expect(all.length).to.be.above(50);
    for (const file of readdirSync(lib, { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.ts') && file !== MAKER)
        expect(readFileSync(new URL(file, lib), 'utf8'), file).not.to.match(/\bRegExp\(/);
  });

  it('are counted rightly: one that is known to be bad is found out', () => {
    const growth = (regex: RegExp, text: (n: number) => string) =>
      stepsOf(regex, text(200)) / stepsOf(regex, text(100));
    expect(growth(/^a*$/, (n) => `${'a'.repeat(n)}!`)).to.be.below(2.1);
    expect(growth(/a*$/, (n) => `${'a'.repeat(n)}!`)).to.be.above(3.5);
    expect(growth(/^a*a*$/, (n) => `${'a'.repeat(n)}!`)).to.be.above(3.5);
    expect(() => stepsOf(/^(a+)+$/, `${'a'.repeat(100)}!`)).to.throw('needs more than');
  });

  it('take no more than twice the steps where they are put together, for a reply with twice as long a value', () => {
    const { regExp } = replyPattern('bid', JSON.parse(reply) as Record<string, unknown>);
    const node = parseRegex(regExp);
    // Each value in turn, of one sign many times; the end is wrong, so that all that can be tried is tried.
    const values = [...reply.matchAll(/(?<=: (?:\\?")?)[\w.-]+/g)];
    expect(values.length).to.be.above(15);
    for (const { index, 0: value } of values)
      for (const sign of ['a', '1', '\\\\u0041'] as const) {
        const stepsFor = (times: number) =>
          stepsOf(
            regExp,
            `${reply.slice(0, index)}${sign.repeat(times)}${reply.slice(index + value.length, -1)}!`,
            node,
          );
        expect(stepsFor(100), value).to.be.below(2.5 * stepsFor(50) + 300);
      }
  });

  for (const { file, regex } of all)
    it(`take no more than twice the steps for twice the text: ${String(regex)} of ${file}`, () => {
      const node = parseRegex(regex);
      const longer = hostileTexts(regex, 60);
      for (const [index, text] of hostileTexts(regex, 30).entries()) {
        const [steps, more] = [stepsOf(regex, text, node), stepsOf(regex, longer[index]!, node)];
        expect(more, JSON.stringify(text.slice(0, 40))).to.be.below(2.5 * steps + 300);
      }
    });
});
