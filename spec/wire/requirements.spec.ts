import { expect } from 'chai';
import { areRequirements, readRequirements } from '../../lib/wire/requirements.ts';

describe('the requirements of a file', () => {
  it('are read by asset, with only those keys that are there', () => {
    const requirements = readRequirements(
      '{"Load": [{"tradingPartners": ["PV"], "energyTypes": ["PV", "Grid"], "energyKWh": 0, "rate": 20}, {"rate": null}], "__proto__": []}',
    );
    expect([...requirements]).to.deep.equal([
      ['Load', [{ tradingPartners: ['PV'], energyTypes: ['PV', 'Grid'], energyKWh: 0, rate: 20 }, {}]],
      ['__proto__', []],
    ]);
    expect(areRequirements(requirements)).to.equal(true);
  });

  it('are told from anything else', () => {
    for (const other of [undefined, {}, new Map([['Load', {}]]), new Map([['Load', [{ rate: -1 }]]])])
      expect(areRequirements(other)).to.equal(false);
  });

  const mistakes: readonly (readonly [string, string, RegExp])[] = [
    ['no JSON', '{"Load": [', /JSON/],
    ['no object', '[]', /^\$: expected an object/],
    ['no list', '{"Load": {}}', /^\$\.Load: expected a list/],
    ['an unknown key', '{"Load": [{"partner": ["PV"]}]}', /^\$\.Load\[0\]\.partner: expected no such key/],
    [
      'a wrong energy type',
      '{"Load": [{"energyTypes": ["Sun"]}]}',
      /energyTypes\[0\]: expected PV, Grid, Load or Storage, got "Sun"/,
    ],
    ['a partner alone', '{"Load": [{"tradingPartners": "PV"}]}', /tradingPartners: expected a list/],
    [
      'a negative rate',
      '{"H 1": [{}, {"rate": -1}]}',
      /^\$\["H 1"\]\[1\]\.rate: expected a number from 0 on.*, got -1/,
    ],
    ['an energy as a text', '{"Load": [{"energyKWh": "1"}]}', /energyKWh: expected a number from 0 on/],
    ['an infinite energy', '{"Load": [{"energyKWh": 1e999}]}', /energyKWh: expected a number from 0 on/],
  ];
  for (const [what, json, message] of mistakes)
    it(`are refused with the place for ${what}`, () => {
      expect(() => readRequirements(json)).to.throw(message);
    });
});
