import { expect } from 'chai';
import fc from 'fast-check';
import { countSame, lettersIn as lettersInBytes, lettersOf } from '../../lib/wire/letters.ts';

const lettersIn = (text: string) => lettersInBytes(Buffer.from(text));

describe('the letters of a text', () => {
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
