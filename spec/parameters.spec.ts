import { expect } from 'chai';
import { of } from 'rxjs';
import { GsyError, listBids, parameter, parametrised, type Command, type Strategy } from 'gsy-rx';
import { aMarket } from 'gsy-rx/testing';
import { readParameters } from '../lib/parameters.ts';

const parameters = {
  rate: parameter.number({ byDefault: 20, unit: 'cents/kWh', min: 0, max: 100, about: 'what is bid' }),
  parts: parameter.number({ byDefault: 1, min: 1, whole: true, about: 'how many orders' }),
  market: parameter.text({ byDefault: 'Grid', about: 'where' }),
  side: parameter.choice(['bid', 'offer'], { byDefault: 'bid', about: 'which side' }),
  partners: parameter.names({ byDefault: [], about: 'with whom' }),
};

const commandsOf = (strategy: Strategy): readonly Command[] => {
  const commands: Command[] = [];
  strategy(aMarket()).subscribe((command) => commands.push(command));
  return commands;
};

const complaintOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    expect(error).to.be.instanceOf(GsyError).with.property('code', 'ERR_GSY_OPTIONS');
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
};

describe('the parameters of a strategy', () => {
  const strategy = parametrised(parameters, (values) => () => of(listBids(JSON.stringify(values))));
  const valuesOf = (built: Strategy): unknown => JSON.parse(commandsOf(built)[0]?.areaUuid ?? '');

  it('have their defaults where the strategy stands as it is, and others with `with`', () => {
    const byDefault = { rate: 20, parts: 1, market: 'Grid', side: 'bid', partners: [] };
    expect(valuesOf(strategy)).to.deep.equal(byDefault);
    expect(valuesOf(strategy.with({}))).to.deep.equal(byDefault);
    expect(valuesOf(strategy.with({ rate: 30, side: 'offer' }))).to.deep.equal({
      ...byDefault,
      rate: 30,
      side: 'offer',
    });
    expect(valuesOf(strategy)).to.deep.equal(byDefault);
  });

  it('are read from the texts of a command line', () => {
    expect(
      readParameters(parameters, { rate: '12.5', parts: '3', partners: 'A, B', market: '7' }),
    ).to.deep.equal({
      rate: 12.5,
      parts: 3,
      market: '7',
      side: 'bid',
      partners: ['A', 'B'],
    });
  });

  const wrong: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
    ['a number below its bound', { rate: -1 }, /rate .what is bid, cents\/kWh. .* from 0 to 100, got -1/],
    ['a number above its bound', { rate: '101' }, /from 0 to 100/],
    ['what is no number', { rate: 'dear' }, /a number .*, got "dear"/],
    ['nothing', { rate: '' }, /a number/],
    ['blanks', { rate: ' ' }, /a number/],
    ['NaN', { rate: NaN }, /a number/],
    ['infinity', { parts: Infinity }, /a whole number/],
    ['a fraction', { parts: 1.5 }, /a whole number of at least 1/],
    ['another choice', { side: 'both' }, /one of bid, offer, got "both"/],
    ['an empty name', { partners: 'A,,B' }, /names separated by commas/],
    [
      'an unknown name',
      { speed: 1 },
      /there is no parameter speed; there is rate, parts, market, side, partners/,
    ],
    ['the name of a prototype', { constructor: 1 }, /there is no parameter constructor/],
  ];
  for (const [what, values, message] of wrong)
    it(`name the parameter and what it has to be for ${what}`, () => {
      expect(complaintOf(() => readParameters(parameters, values))).to.match(message);
      expect(complaintOf(() => strategy.with(values))).to.match(message);
    });

  it('may be a time zone', () => {
    const zoned = { zone: parameter.zone({ byDefault: 'UTC', about: 'of the market' }) };
    expect(readParameters(zoned, { zone: 'Europe/Berlin' })).to.deep.equal({ zone: 'Europe/Berlin' });
    expect(complaintOf(() => readParameters(zoned, { zone: 'Berlin' }))).to.match(
      /a time zone such as Europe\/Berlin, got "Berlin"/,
    );
  });

  it('have to be given where there is no default, when the strategy runs', () => {
    const needy = parametrised(
      { market: parameter.text({ about: 'the market' }) },
      ({ market }) =>
        () =>
          of(listBids(market)),
    );
    expect(complaintOf(() => commandsOf(needy))).to.match(/market has to be given: the market/);
    expect(commandsOf(needy.with({ market: 'm' }))).to.deep.equal([listBids('m')]);
  });

  it('may be the content of a file, whose mistakes are told', () => {
    const fees = parameter.file(
      { about: 'fees' },
      (content) => {
        const values = content.split('\n').map(Number);
        if (values.some(Number.isNaN)) throw new Error('line 2 is no number');
        return values;
      },
      (u): u is number[] => Array.isArray(u),
    );
    expect(readParameters({ fees }, { fees: '1\n2' })).to.deep.equal({ fees: [1, 2] });
    expect(readParameters({ fees }, { fees: [3] })).to.deep.equal({ fees: [3] });
    expect(complaintOf(() => readParameters({ fees }, { fees: '1\nx' }))).to.match(
      /the parameter fees \(fees\) is wrong: line 2 is no number$/,
    );
  });
});
