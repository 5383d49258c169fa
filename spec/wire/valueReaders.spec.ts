import { expect } from 'chai';
import fc from 'fast-check';
import { lettersIn } from '../../lib/wire/letters.ts';
import { parsedJson } from '../../lib/wire/plainJson.ts';
import {
  passNestedText,
  passText,
  readNestedText,
  readNumber,
  readText,
  type ValueReader,
} from '../../lib/wire/valueReaders.ts';

/** What is read of the value that the text has there, where it was another one before, and what stands behind it. */
const read = (
  reader: ValueReader,
  text: string,
  from = 0,
  before?: unknown,
): readonly [unknown, string] | undefined => {
  const object: Record<string, unknown> = { value: before };
  const end = reader(lettersIn(Buffer.from(text)), from, object, 'value');
  return end < 0 ? undefined : [object.value, text.slice(end)];
};

const digits = (most: number) => fc.string({ unit: fc.nat(9).map(String), minLength: 0, maxLength: most });

describe('the readers of values', () => {
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

  const ascii = (text: string): string =>
    JSON.stringify(text).replaceAll(
      /[^\0-\x7f]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  const signs = fc.string({
    unit: fc.constantFrom('a', '\\', '"', 'u', '0', '\n', '\0', '\x7f'),
    maxLength: 8,
  });
  const before = fc.oneof(fc.constant(undefined), fc.string(), signs);
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), signs);

  it('reads every text as JSON.parse does, and nothing that it does not', () => {
    const written = fc.oneof(
      text.map(ascii),
      signs.map((sound) => `"${sound}"`),
    );
    fc.assert(
      fc.property(written, before, fc.boolean(), (whole, last, isSame) => {
        const said = parsedJson(whole);
        const found = read(readText, whole, 1, isSame ? said : last);
        expect(found?.[1] === '"' ? found[0] : undefined).to.equal(said);
        expect(read(passText, whole, 1)?.[1] === '"').to.equal(said !== undefined);
      }),
      { numRuns: 20_000 },
    );
  });

  it('reads every text within JSON in a string as JSON.parse does twice, and nothing that it does not', () => {
    const written = fc.oneof(
      text.map((sound) => ascii(ascii(sound)).slice(1, -1)),
      text.map((sound) => JSON.stringify(ascii(sound)).slice(1, -1)),
      signs.map((any) => `\\"${any}\\"`),
      signs.map((any) => `\\"${any.replaceAll('\\', '\\\\')}\\"`),
    );
    fc.assert(
      fc.property(written, before, fc.boolean(), (whole, last, isSame) => {
        const inner = parsedJson(`"${whole}"`);
        const said = typeof inner === 'string' ? parsedJson(inner) : undefined;
        const found = read(readNestedText, whole, 2, isSame ? said : last);
        expect(found?.[1] === '\\"' ? found[0] : undefined).to.equal(said);
        expect(read(passNestedText, whole, 2)?.[1] === '\\"').to.equal(said !== undefined);
      }),
      { numRuns: 20_000 },
    );
  });

  it('gives the very text of the last time where it is the same', () => {
    // Two strings that are alike cannot be told apart; one that is read is made of letters, and one with an escape never is.
    expect(read(readText, 'Load"', 0, 'Load')).to.deep.equal(['Load', '"']);
    expect(read(readText, 'Load 1"', 0, 'Load')).to.deep.equal(['Load 1', '"']);
    expect(read(readText, 'Lo"', 0, 'Load')).to.deep.equal(['Lo', '"']);
    expect(read(readText, '\\b"', 0, '\\b')).to.deep.equal(['\b', '"']);
  });
});
