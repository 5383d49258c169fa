import { expect } from 'chai';
import fc from 'fast-check';
import { Literal, readNumber, readText, sourceOf, type Letters } from '../../lib/wire/letters.ts';
import { parsedJson } from '../../lib/wire/plainJson.ts';

const lettersOf = (text: string): Letters => {
  const { letters } = sourceOf(text, text);
  if (letters === undefined) throw new Error('some characters are more than a byte');
  return letters;
};

/** What is read of the value that the text begins with: it, and what stands behind it. */
const read = (reader: typeof readNumber, text: string, from = 0): readonly [unknown, string] | undefined => {
  const object: Record<string, unknown> = {};
  const end = reader(lettersOf(text), from, object, 'value');
  return end < 0 ? undefined : [object.value, text.slice(end)];
};

const digits = (most: number) => fc.string({ unit: fc.nat(9).map(String), minLength: 0, maxLength: most });

describe('the letters of a text', () => {
  it('reads every number as JSON.parse does', () => {
    const plain = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
    );
    const asPython = plain.map((value) => (/^-?\d+$/.test(String(value)) ? `${value}.0` : String(value)));
    fc.assert(
      fc.property(fc.oneof(plain.map(String), asPython), fc.constantFrom('', ', ', '}'), (text, behind) => {
        expect(read(readNumber, text + behind)).to.deep.equal([JSON.parse(text), behind]);
      }),
      { numRuns: 5_000 },
    );
  });

  it('reads numbers of any digits as JSON.parse does, and nothing that it does not', () => {
    const text = fc
      .tuple(
        fc.constantFrom('', '-', '+', '--'),
        digits(20),
        fc.constantFrom('', '.', '..'),
        digits(20),
        fc.constantFrom('', 'e', 'E', 'e+', 'e-', 'ee'),
        digits(3),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (written) => {
        const found = read(readNumber, written);
        // A number may end before the text does: what follows then tells that it is none.
        expect(found?.[1] === '' ? found[0] : undefined).to.deep.equal(parsedJson(written));
      }),
      { numRuns: 20_000 },
    );
  });

  it('reads every text as JSON.parse does, and nothing that it does not', () => {
    const escaped = fc
      .string({ unit: 'binary' })
      .map((text) =>
        JSON.stringify(text).replaceAll(
          /[^\0-\x7f]/g,
          (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
        ),
      );
    const broken = fc
      .string({ unit: fc.constantFrom('a', '\\', '"', 'u', '0', '\n', '\0', '\x7f'), maxLength: 8 })
      .map((text) => `"${text}"`);
    fc.assert(
      fc.property(fc.oneof(escaped, broken), (written) => {
        const found = read(readText, written, 1);
        expect(found?.[1] === '"' ? found[0] : undefined).to.deep.equal(parsedJson(written));
      }),
      { numRuns: 10_000 },
    );
  });

  it('finds where a part ends that is always the same, of whatever length, and nothing where another one stands', () => {
    const text = '{"area_name": "';
    for (let from = 0; from < text.length; from += 1)
      for (let end = from; end <= text.length; end += 1) {
        const part = text.slice(from, end);
        const literal = new Literal(lettersOf(text), from, end);
        expect(literal.endAt(lettersOf(`xyz${part}.`), 3)).to.equal(3 + part.length);
        expect(literal.endAt(lettersOf(part), 0)).to.equal(part.length);
        for (let i = 0; i < part.length; i += 1) {
          expect(literal.endAt(lettersOf(`${part.slice(0, i)}~${part.slice(i + 1)}`), 0)).to.equal(-1);
          expect(literal.endAt(lettersOf(part.slice(0, i)), 0)).to.equal(-1);
        }
      }
  });

  it('knows no bytes of a text in which some characters are more than one', () => {
    for (const text of ['Bär', '\u{1f50b}', '\ufeff{}']) {
      expect(sourceOf(text, text).letters).to.equal(undefined);
      expect(sourceOf(text, Buffer.from(text)).letters).to.equal(undefined);
    }
  });
});
