import { expect } from 'chai';
import fc from 'fast-check';
import { countSame, lettersIn as lettersInBytes, lettersOf } from '../../lib/wire/letters.ts';

const lettersIn = (text: string) => lettersInBytes(Buffer.from(text));

describe('the letters of a text', () => {
  it('counts all letters of a part that stands elsewhere, of whatever length, and no more than are the same', () => {
    const text = '{"area_name": "House 1"';
    for (let from = 0; from < text.length; from += 1)
      for (let end = from; end <= text.length; end += 1) {
        const part = text.slice(from, end);
        const sameIn = (other: string, at = 0) =>
          countSame(lettersIn(text), from, lettersIn(other), at, part.length);
        expect(sameIn(`xyz${part}.`, 3)).to.equal(part.length);
        expect(sameIn(part)).to.equal(part.length);
        for (let i = 0; i < part.length; i += 1) {
          expect(sameIn(`${part.slice(0, i)}~${part.slice(i + 1)}`)).to.equal(i);
          expect(sameIn(part.slice(0, i))).to.equal(i);
        }
      }
  });

  it('counts the letters that are the same in two texts, from wherever', () => {
    const letters = fc.string({ unit: fc.constantFrom('\0', '\x7f', ' ', 'a', 'b'), maxLength: 40 });
    const same = (a: string, b: string): number => {
      let count = 0;
      while (count < Math.min(a.length, b.length) && a[count] === b[count]) count += 1;
      return count;
    };
    fc.assert(
      fc.property(letters, letters, letters, letters, fc.nat(60), (begin, other, a, b, most) => {
        for (const [left, right] of [
          [a, b],
          [`${begin}${a}`, `${begin}${b}`],
        ] as const)
          expect(
            countSame(lettersIn(`${other}${left}`), other.length, lettersIn(`xy${right}`), 2, most),
          ).to.equal(Math.min(most, same(left, right)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('knows no bytes of a text in which some characters are more than one', () => {
    for (const text of ['Bär', '\u{1f50b}', '\ufeff{}']) {
      expect(lettersOf(text)).to.equal(undefined);
      expect(lettersOf(Buffer.from(text))).to.equal(undefined);
    }
  });
});
