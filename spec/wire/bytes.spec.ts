import { expect } from 'chai';
import { textOf } from '../../lib/wire/bytes.ts';

describe('the text of bytes', () => {
  const lengths = [0, 1, 7_000, 600_000, 3_000_000];
  const ascii = (length: number) => '{"name": "Haus 1"}, '.repeat(length / 20 + 1).slice(0, length);

  for (const length of lengths)
    it(`is what ${length} of them say, whatever was read before`, () => {
      textOf(Buffer.alloc(900_000, 'x'));
      const said = ascii(length);
      expect(textOf(Buffer.from(said)) === said).to.equal(true);
      const outside = `${said}Größe ☀`;
      expect(textOf(Buffer.from(outside)) === outside).to.equal(true);
    });

  it('stays what it is when another one is read', () => {
    const texts = ['a', 'b'].map((letter) => textOf(Buffer.alloc(500_000, letter)));
    expect(texts.map((text) => text === 'a'.repeat(500_000))).to.deep.equal([true, false]);
  });

  it('begins where the bytes begin, not where their memory does', () => {
    const memory = Buffer.from(`before${ascii(300_000)}`);
    expect(textOf(new Uint8Array(memory.buffer, memory.byteOffset + 6, 300_000)) === ascii(300_000)).to.equal(
      true,
    );
  });

  it('is undefined where they are no UTF-8', () => {
    for (const length of lengths)
      expect(textOf(Buffer.concat([Buffer.from(ascii(length)), Buffer.from([0xc3])]))).to.equal(undefined);
  });
});
