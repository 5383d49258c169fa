import { expect } from 'chai';
import fc from 'fast-check';
import { countSame, endOfSame, lettersIn as lettersInBytes, lettersOf } from '../../lib/wire/letters.ts';

const lettersIn = (text: string) => lettersInBytes(Buffer.from(text));

describe('the letters of a text', () => {
  it('finds where a part ends that stands elsewhere, too, of whatever length, and nothing where another one does', () => {
    const text = '{"area_name": "House 1"';
    for (let from = 0; from < text.length; from += 1)
      for (let end = from; end <= text.length; end += 1) {
        const part = text.slice(from, end);
        const endIn = (other: string, at = 0) => endOfSame(lettersIn(text), from, end, lettersIn(other), at);
        expect(endIn(`xyz${part}.`, 3)).to.equal(3 + part.length);
        expect(endIn(part)).to.equal(part.length);
        for (let i = 0; i < part.length; i += 1) {
          expect(endIn(`${part.slice(0, i)}~${part.slice(i + 1)}`)).to.equal(-1);
          expect(endIn(part.slice(0, i))).to.equal(-1);
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
