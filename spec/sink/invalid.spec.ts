import { expect } from 'chai';
import fc from 'fast-check';
import {
  assetInfo,
  bidEnergy,
  bidEnergyRate,
  changeGridFeesPercent,
  deleteBid,
  deleteOffer,
  gridFees,
  lastMarketDsoStats,
  listBids,
  listOffers,
  offerEnergy,
  offerEnergyRate,
  setEnergyForecast,
  setEnergyMeasurement,
} from '../../lib/commands.ts';
import { invalid } from '../../lib/sink/invalid.ts';

describe('invalid', () => {
  it('lets through what every constructor makes of sound values', () => {
    const slot = '2026-06-21T12:00';
    const commands = [
      bidEnergy('a', 1, 0),
      bidEnergyRate('a', 1, 30, { replaceExisting: false, timeSlot: slot }),
      offerEnergy('a', 3e-5, 1, { attributes: { energyType: 'PV' } }),
      offerEnergyRate('a', 1, 0, {
        requirements: [{ tradingPartners: ['b'], energyTypes: ['PV', 'Grid'], energyKWh: 1, rate: 12 }],
      }),
      deleteBid('a', 'all'),
      deleteOffer('a', 'some-id', { timeSlot: slot }),
      listBids('a'),
      listOffers('a', { timeSlot: slot }),
      assetInfo('a'),
      lastMarketDsoStats('a'),
      gridFees('a', 0),
      changeGridFeesPercent('a', 4),
      setEnergyForecast('a', { [slot]: 1 }),
      setEnergyMeasurement('a', { [slot]: 0 }),
    ];
    expect(commands.map(invalid)).to.deep.equal(commands.map(() => undefined));
  });

  const wrong: readonly (readonly [string, unknown, RegExp])[] = [
    ['NaN energy', bidEnergy('a', NaN, 1), /energyKWh must be a number above 0.00002, not NaN/],
    ['infinite energy', offerEnergy('a', Infinity, 1), /energyKWh/],
    ['no energy', bidEnergy('a', 0, 1), /energyKWh/],
    ['negative energy', offerEnergy('a', -1, 1), /energyKWh/],
    ['energy too small to trade', bidEnergy('a', 2e-5, 1), /energyKWh/],
    ['energy as text', bidEnergy('a', '1' as never, 1), /energyKWh must be .*not "1"/],
    ['a negative price', bidEnergy('a', 1, -0.01), /priceCents must be a number from 0 on, not -0.01/],
    ['a NaN rate', bidEnergyRate('a', 1, NaN), /priceCents/],
    ['a rate whose price overflows', bidEnergyRate('a', 1e200, 1e200), /priceCents/],
    ['no price', { kind: 'bid', areaUuid: 'a', energyKWh: 1, replaceExisting: true }, /priceCents/],
    ['replaceExisting as text', bidEnergy('a', 1, 1, { replaceExisting: 'no' as never }), /replaceExisting/],
    ['a mark that is none', { ...bidEnergy('a', 1, 1), withheld: true }, /withheld must be/],
    ['a mark without a reason', { ...bidEnergy('a', 1, 1), withheld: { kind: 'refused' } }, /withheld/],
    ['a mark of another kind', { ...bidEnergy('a', 1, 1), withheld: { kind: 'accepted' } }, /withheld/],
    ['an empty slot', bidEnergy('a', 1, 1, { timeSlot: '' }), /timeSlot/],
    ['a slot with zone', listBids('a', { timeSlot: '2026-06-21T12:00+00:00' }), /timeSlot/],
    ['a slot that is no day', listBids('a', { timeSlot: '2026-02-30T12:00' }), /timeSlot/],
    ['a slot that is no text', deleteBid('a', 'all', { timeSlot: 12 as never }), /timeSlot/],
    [
      'an unknown energy type',
      bidEnergy('a', 1, 1, { attributes: { energyType: 'Coal' as never } }),
      /energyType/,
    ],
    ['attributes null', bidEnergy('a', 1, 1, { attributes: null as never }), /attributes/],
    ['requirements of no list', bidEnergy('a', 1, 1, { requirements: {} as never }), /requirements/],
    ['a NaN requirement', bidEnergy('a', 1, 1, { requirements: [{ rate: NaN }] }), /requirements/],
    ['deleting nothing said', deleteOffer('a', undefined as never), /say which order to delete/],
    ['deleting an empty id', deleteBid('a', ''), /say which order to delete/],
    ['a negative fee', gridFees('a', -1), /grid fee in cents\/kWh/],
    ['a fee as text', changeGridFeesPercent('a', '3' as never), /grid fee in percent/],
    ['a fee without unit', { kind: 'grid-fees', areaUuid: 'a', fee: 3 }, /centsPerKWh or as percent/],
    ['an empty forecast', setEnergyForecast('a', {}), /at least one slot/],
    [
      'a forecast that is NaN',
      setEnergyForecast('a', { '2026-06-21T12:00': NaN }),
      /the energy of 2026-06-21T12:00/,
    ],
    ['a measurement for no slot', setEnergyMeasurement('a', { noon: 1 }), /UTC slots/],
    ['no area', assetInfo(''), /areaUuid/],
    ['an area that is no text', assetInfo(['a'] as never), /areaUuid must name an area, not an array/],
    ['an unknown kind', { kind: 'sell everything', areaUuid: 'a' }, /no command of kind sell everything/],
    ['a kind of Object.prototype', { kind: 'constructor', areaUuid: 'a' }, /no command of kind constructor/],
    ['nothing', undefined, /a command is an object/],
    ['text', 'bid', /a command is an object with a kind, not "bid"/],
    ['a list', [], /a command is an object with a kind, not an array/],
  ];
  for (const [what, command, reason] of wrong)
    it(`names what is wrong with ${what}`, () => expect(invalid(command)).to.match(reason));

  it('takes anything without throwing, and says what it refuses in one short line', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), (value) => {
        const reason = invalid(value);
        expect(reason).to.be.a('string');
        expect(reason).to.have.length.below(300);
        expect(reason).not.to.include('\n');
      }),
    );
  });
});
