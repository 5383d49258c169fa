import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { gsyRx, lines } from './terminal.ts';

const fixture = (path: string) => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
const small = fixture('communities/small.json');

describe('gsy-rx run', () => {
  it('trades on the embedded exchange and prints the books', async () => {
    const { code, out, err } = await gsyRx('run', 'basic', '--sandbox', small);
    expect(lines(err)).to.deep.equal([
      `info: basic trades on the embedded exchange, ${small}, virtual time, as aggregator basic, in a two-sided market`,
      'info: the exchange answers: 4 areas found, 4 under control, 0 refused',
    ]);
    expect(code).to.equal(0);
    expect(out).to.match(/Load +.*load/);
    expect(out).to.match(/self-sufficiency +\d+\.\d %/);
    expect(out).to.match(/market slots +4/);
  });

  it('prints the same on every run', async () => {
    const first = await gsyRx('run', 'basic', '--sandbox', small);
    expect(await gsyRx('run', 'basic', '--sandbox', small)).to.deep.equal(first);
  });

  it('lets a strategy file say whom it controls', async () => {
    const { code, out, err } = await gsyRx(
      'run',
      fixture('strategies/one-load.ts'),
      '--sandbox',
      small,
      '--log-level',
      'info',
    );
    expect(code).to.equal(0);
    expect(err).to.include('1 areas found, 1 under control');
    expect(out).not.to.match(/PV/);
  });

  it('lets the command line overrule the file', async () => {
    const { err } = await gsyRx(
      'run',
      fixture('strategies/one-load.ts'),
      '--sandbox',
      small,
      '--assets',
      'Load,PV',
      '--markets',
      'House',
      '--log-level',
      'info',
    );
    expect(err).to.include('3 areas found, 3 under control');
  });

  it('refuses what is no command, whatever a strategy emits, at any log level', async () => {
    for (const level of ['error', 'debug']) {
      const file = fixture('strategies/garbage.ts');
      const { code, out, err } = await gsyRx('run', file, '--sandbox', small, '--log-level', level);
      expect(err).not.to.include('error');
      expect(out).to.include('16 refused');
      expect(code).to.equal(0);
    }
  });

  it('ends with 1 when a strategy fails, and names it', async () => {
    const { code, err } = await gsyRx('run', fixture('strategies/throws.ts'), '--sandbox', small);
    expect(code).to.equal(1);
    expect(err).to.include('the strategy throws failed and has stopped: I divide by zero');
    expect(err).not.to.match(/^ +at /m);
  });

  const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      'an unknown strategy',
      ['run', 'riches'],
      /there is no strategy riches; those that come along are .*basic, /,
    ],
    ['a missing file', ['run', './no/such/file.ts'], /file\.ts could not be loaded/],
    ['a file without a strategy', ['run', fixture('strategies/no-strategy.ts')], /no default export/],
    ['a missing community', ['run', 'basic', '--sandbox', 'nowhere.json'], /nowhere\.json could not be read/],
    [
      'an unknown asset',
      ['run', 'basic', '--sandbox', small, '--assets', 'Windmill'],
      /no area named Windmill/,
    ],
    ['an unknown option', ['run', 'basic', '--faster'], /unknown option '--faster'/],
    ['a wrong time', ['run', 'basic', '--slot-length-realtime', 'soon'], /at least 1ms/],
    [
      'a wrong level',
      ['run', 'basic', '--log-level', 'loud'],
      /Allowed choices are error, warn, info, debug, trace/,
    ],
    [
      'two exchanges',
      ['run', 'basic', '--redis', 'redis://localhost', '--sandbox'],
      /--sandbox is for the embedded/,
    ],
    ['a wrong URL', ['run', 'basic', '--redis', 'http://localhost'], /redis:\/\//],
    [
      'a wrong market type',
      ['run', 'basic', '--market-type', 'round'],
      /Allowed choices are two-sided, one-sided/,
    ],
    ['all and some', ['run', 'basic', '--all', '--assets', 'Load'], /--all means every area/],
    ['no strategy', ['run'], /name one strategy/],
    ['no markets', ['run', 'market-statistics'], /operates markets: name yours, like --markets/],
    ['two strategies', ['run', 'basic', '--setup', 'basic'], /name one strategy/],
    ['a sandbox without a door', ['sandbox'], /Give --redis, .* or --port/],
    [
      'users without a port',
      ['sandbox', '--redis', 'redis://localhost', '--users', 'x.json'],
      /--users goes with --port/,
    ],
    [
      'speed twice',
      ['sandbox', '--port', '0', '--speed', '2', '--slot-length-realtime', '4s'],
      /leave one of them out/,
    ],
    ['a port beyond all ports', ['sandbox', '--port', '70000'], /0 to 65535/],
    ['an unknown command', ['walk'], /unknown command 'walk'/],
  ];
  for (const [what, args, message] of mistakes)
    it(`ends with 2 and a clear line for ${what}`, async () => {
      const { code, out, err } = await gsyRx(...args);
      expect(err).to.match(message);
      expect(err).not.to.match(/^ +at /m);
      expect(out).to.equal('');
      expect(code).to.equal(2);
    });

  it('tells every mistake of a community file', async () => {
    const { code, err } = await gsyRx('run', 'basic', '--sandbox', fixture('communities/broken.json'));
    expect(code).to.equal(2);
    expect(err).to.include('startDate').and.to.include('slots').and.to.include('windmill');
  });

  it('shows help and succeeds', async () => {
    const { code, out } = await gsyRx('run', '--help');
    expect(code).to.equal(0);
    expect(out).to.include('--sandbox').and.to.include('--slot-length-realtime');
  });
});

describe('docs/command-line.md', () => {
  const text = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
  for (const command of ['run', 'sandbox', 'registry', 'aggregators', 'networks', 'forecast'])
    it(`tells every option of gsy-rx ${command}`, async () => {
      const { out } = await gsyRx(command, '--help');
      const options = (out.match(/--[a-z][a-z-]+/g) ?? []).filter((option) => option !== '--help');
      expect(options).not.to.be.empty;
      for (const option of options) expect(text).to.include(option);
    });
});
