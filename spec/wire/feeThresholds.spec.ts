import { expect } from 'chai';
import { areFeeThresholds, readFeeThresholds } from '../../lib/wire/feeThresholds.ts';

describe('a file of fee thresholds', () => {
  it('gives the rising thresholds of each market', () => {
    const json = '{"Home 1": [{"threshold": 1, "fee": 0.5}, {"threshold": 3, "fee": 4}], "Grid": []}';
    const thresholds = readFeeThresholds(json);
    expect(areFeeThresholds(thresholds)).to.equal(true);
    expect([...thresholds]).to.deep.equal([
      [
        'Home 1',
        [
          { threshold: 1, fee: 0.5 },
          { threshold: 3, fee: 4 },
        ],
      ],
      ['Grid', []],
    ]);
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['what is no JSON', '{', /JSON/],
    ['a list', '[]', /\$: expected /],
    ['no market at all', '{}', /expected at least one market/],
    ['a market without a list', '{"Grid": 3}', /\$\.Grid: expected .*list/],
    ['a negative fee', '{"Grid": [{"threshold": 1, "fee": -1}]}', /\$\.Grid\[0\]\.fee: .*from 0 on, got -1/],
    ['a missing threshold', '{"Grid": [{"fee": 1}]}', /\$\.Grid\[0\]\.threshold: .*got nothing/],
    [
      'another key',
      '{"Grid": [{"threshold": 1, "fee": 1, "unit": "ct"}]}',
      /\$\.Grid\[0\]\.unit: .*no such key/,
    ],
    [
      'thresholds that do not rise',
      '{"Grid": [{"threshold": 3, "fee": 1}, {"threshold": 3, "fee": 2}]}',
      /\$\.Grid: expected a list with rising thresholds/,
    ],
  ];
  for (const [what, json, complaint] of wrong)
    it(`says where there is ${what}`, () => {
      expect(() => readFeeThresholds(json)).to.throw(complaint);
    });

  it('is told from anything else', () => {
    for (const other of [undefined, {}, new Map(), new Map([['Grid', [{ threshold: 1 }]]])])
      expect(areFeeThresholds(other)).to.equal(false);
  });
});
