import { expect } from 'chai';
import { isRight } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import fc from 'fast-check';
import { jsonText, listOf, mapOf, strict } from '../../lib/wire/combinators.ts';
import {
  DurationS,
  Finite,
  hundredfold,
  NumberText,
  optional,
  orEmpty,
  orNone,
  Percent,
  SlotTime,
} from '../../lib/wire/scalars.ts';

const decodes = <A, O>(codec: t.Type<A, O>, wire: unknown): A | 'fails' => {
  const result = codec.decode(wire);
  return isRight(result) ? result.right : 'fails';
};

describe('the scalars of the wire', () => {
  it('are decoded to proper values', () => {
    expect(decodes(Percent, '8%')).to.equal(0.08);
    expect(decodes(Percent, '100%')).to.equal(1);
    expect(decodes(SlotTime, '2026-01-31T13:45:00')).to.equal('2026-01-31T13:45');
    expect(decodes(SlotTime, '2026-01-31T13')).to.equal('2026-01-31T13:00');
    expect(decodes(DurationS, '1:02:03')).to.equal(3723);
    expect(decodes(NumberText, '3.5')).to.equal(3.5);
    expect(decodes(orNone(NumberText), 'None')).to.equal(undefined);
    expect(decodes(optional(Finite), null)).to.equal(undefined);
    expect(decodes(orEmpty(mapOf(Finite)), {})).to.equal(undefined);
  });

  it('fail for texts that only look like them', () => {
    for (const slot of ['', '2026-13-01T00:00', '2026-01-31T24:00', '2026-01-31T13:45Z', '2026-01-31 13:45'])
      expect(decodes(SlotTime, slot)).to.equal('fails');
    for (const number of ['', ' ', '3,5', 'NaN', 'Infinity', '1e999'])
      expect(decodes(NumberText, number)).to.equal('fails');
    for (const duration of ['15', '0:60:00', '0:15', '-0:15:00'])
      expect(decodes(DurationS, duration)).to.equal('fails');
  });

  it('come back as they were once encoded', () => {
    const codec = strict({
      share: Percent,
      length: DurationS,
      number: orNone(NumberText),
      slots: jsonText(mapOf(optional(listOf(Finite)))),
    });
    const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
    const figure = fc.integer();
    const slots = fc.uniqueArray(fc.tuple(fc.string(), fc.option(fc.array(figure), { nil: undefined })), {
      selector: ([key]) => key,
    });
    fc.assert(
      fc.property(share, fc.nat(86_400), fc.option(figure, { nil: undefined }), slots, (a, b, c, d) => {
        const value = { share: a, length: b, number: c, slots: new Map(d) };
        expect(codec.is(value)).to.equal(true);
        expect(decodes(codec, codec.encode(value))).to.deep.equal(value);
      }),
    );
  });

  it('are a hundredfold without the noise of binary fractions', () => {
    expect(0.07 * 100).to.not.equal(7);
    expect(hundredfold(0.07)).to.equal(7);
    expect(hundredfold(-0.5455829)).to.equal(-54.55829);
  });
});
