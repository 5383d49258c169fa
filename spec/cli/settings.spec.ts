import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { gsyRx, lines } from './terminal.ts';

const fixture = (path: string) => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
const small = fixture('communities/small.json');
const everyAsset = fixture('communities/every-asset.json');
const preferences = relative('.', fixture('parameters/degrees-of-freedom/preferences.json'));

const boughtIn = (out: string) => /^│ Load +│.*$/m.exec(out)?.[0];

describe('gsy-rx run --param', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'gsy-rx-'))));
  afterEach(async () => rm(folder, { recursive: true }));

  it('sets parameters of a strategy, one at a time', async () => {
    const dear = ['--param', 'bidRate=40', '--param', 'offerRate=4'];
    const byDefault = await gsyRx('run', 'bid-offer-posting', '--sandbox', small);
    const { code, out } = await gsyRx('run', 'bid-offer-posting', '--sandbox', small, ...dear);
    expect(code).to.equal(0);
    expect(boughtIn(out)).to.include('40').and.not.to.equal(boughtIn(byDefault.out));
  });

  it('takes the content of the file that it names, relative to where it is run', async () => {
    const { code, out, err } = await gsyRx(
      ...['run', 'degrees-of-freedom', '--sandbox', everyAsset, '--param', `preferences=${preferences}`],
    );
    expect(err).not.to.include('error');
    expect(out).not.to.include('refused');
    expect(boughtIn(out)).to.match(/\d/);
    expect(code).to.equal(0);
  });

  it('names the strategy by its file in what goes wrong', async () => {
    const file = join(folder, 'energies.csv');
    await writeFile(file, 'asset;slot;forecastKWh;measuredKWh\nWindmill;00:15;1;1\n');
    const { code, err } = await gsyRx(
      ...['run', 'energy-forecasts', '--sandbox', small, '--param', `energies=${file}`],
    );
    expect(err).to.include('the strategy energy-forecasts failed and has stopped: No area has the name');
    expect(code).to.equal(1);
  });

  const mistakes: readonly (readonly [string, string, readonly string[], RegExp])[] = [
    ['no value', 'fixed-price', ['rate'], /Give a parameter and its value, like rate=20/],
    ['no name', 'fixed-price', ['=20'], /Give a parameter and its value/],
    ['a parameter given twice', 'fixed-price', ['rate=20', 'rate=21'], /The parameter rate is given twice/],
    ['an unknown parameter', 'fixed-price', ['price=20'], /there is no parameter price; there is rate/],
    ['a strategy without parameters', 'basic', ['rate=20'], /there is no parameter rate; there is none/],
    [
      'a value out of its bounds',
      'storage-bids',
      ['share=50'],
      /the parameter share .* is wrong: expected a number from 0 to 1, got "50"/,
    ],
    ['a parameter that has to be given', 'energy-forecasts', [], /the parameter energies has to be given/],
    [
      'a file that is not there',
      'energy-forecasts',
      ['energies=nowhere.csv'],
      /the parameter energies: the file cannot be read: .*nowhere\.csv/,
    ],
    [
      'a file that is wrong',
      'energy-forecasts',
      [`energies=${preferences}`],
      /the parameter energies .* is wrong: .*line \d/,
    ],
  ];
  for (const [what, strategy, params, message] of mistakes)
    it(`ends with 2 and a clear line for ${what}`, async () => {
      const given = params.flatMap((param) => ['--param', param]);
      const { code, out, err } = await gsyRx('run', strategy, '--sandbox', small, ...given);
      expect(err).to.match(message);
      expect(err).not.to.match(/^ +at /m);
      expect(out).to.equal('');
      expect(code).to.equal(2);
    });
});

describe('gsy-rx list', () => {
  it('shows each strategy with what it does', async () => {
    const { code, out } = await gsyRx('list');
    expect(code).to.equal(0);
    const strategies = lines(out).filter((line) => /^[a-z]/.test(line));
    for (const line of strategies) expect(line).to.match(/^[a-z-]+ +\S.{10,}/);
    expect(strategies.map((line) => line.split(' ')[0])).to.include.members(['basic', 'last-minute']);
  });

  it('shows the parameters below their strategies, with what they mean, unit, bounds and default', async () => {
    const shown = lines((await gsyRx('list')).out).map((line) => line.trim());
    const below = (strategy: string) => {
      const after = shown.slice(shown.findIndex((line) => line.startsWith(`${strategy} `)) + 1);
      return after.slice(
        0,
        after.findIndex((line) => !/^\w+: /.test(line)),
      );
    };
    expect(below('basic')).to.deep.equal([]);
    expect(below('fixed-price')).to.deep.equal([
      'rate: what sellers ask, cents/kWh; a number of at least 0; 20 unless given',
    ]);
    expect(below('storage-bids')).to.include(
      'share: the share of what fits in to bid for; a number from 0 to 1; 0.5 unless given',
    );
    expect(below('energy-forecasts').join()).to.match(/^energies: .*; a file; has to be given$/);
  });
});
