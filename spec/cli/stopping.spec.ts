import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startRedisServer, type RedisServer } from '../redisServer.ts';
import { LEFT_BY_FORCE, startProcess } from './process.ts';
import { start } from './terminal.ts';

const fixture = (path: string) => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
const small = fixture('communities/small.json');
const inRealTime = ['--sandbox', small, '--slot-length-realtime', '1s', '--log-level', 'debug'];

describe('the gsy-rx process', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    it(`ends in order and by itself on ${signal}: outcomes, summary, exit code ${code}`, async () => {
      const process = startProcess(['run', 'basic', ...inRealTime, '--cancel-orders']);
      await process.says('accepted');
      process.child.kill(signal);
      const { code: exitCode, out, err } = await process.done;
      expect(exitCode).to.equal(code);
      expect(err).to.include('info: interrupted').and.not.to.include(LEFT_BY_FORCE);
      expect(err).to.match(/^debug: delete-(bid|offer) for \S+ accepted$/m);
      expect(out).to.match(/self-sufficiency/);
    });

  it('leaves at once on a second signal', async () => {
    const process = startProcess([
      'run',
      'basic',
      ...inRealTime,
      '--slot-length-realtime',
      '1m',
      '--release',
    ]);
    await process.says('under control');
    process.child.kill('SIGTERM');
    await process.says('letting the areas go');
    process.child.kill('SIGTERM');
    const { code, err } = await process.done;
    expect(code).to.equal(143);
    expect(err).to.include(LEFT_BY_FORCE);
  });

  it('ends with the exit code of its command', async () => {
    const { code, err } = await startProcess(['run', 'riches']).done;
    expect(code).to.equal(2);
    expect(err).to.match(/^error: [^\n]+\n$/);
  });

  describe('over Redis', () => {
    let server: RedisServer;
    before(async () => (server = await startRedisServer()));
    after(async () => server.stop());

    it('ends by itself when the simulation does, and leaves no connection', async () => {
      const sandbox = start(['sandbox', small, '--redis', server.url, '--slot-length-realtime', '2s']);
      await sandbox.says('the exchange is up');
      const { code, out, err } = await startProcess([
        'run',
        'basic',
        '--redis',
        server.url,
        '--metrics-port',
        '0',
      ]).done;
      expect(err).to.include('metrics for Prometheus').and.not.to.include(LEFT_BY_FORCE);
      expect(out).to.match(/self-sufficiency/);
      expect(code).to.equal(0);
      await sandbox.done;
    });
  });

  for (const [what, strategy, message] of [
    ['rejects a promise that nobody awaits', 'rejects', 'the forecast service is down'],
    ['throws in a timer', 'throws-later', 'I divide by zero'],
  ] as const)
    it(`ends with 1 and the message when a strategy ${what}, with the books of what was traded`, async () => {
      const file = fixture(`strategies/${strategy}.ts`);
      const { code, out, err } = await startProcess(['run', file, '--sandbox', small]).done;
      expect(err).to.match(
        new RegExp(`^error: an error was thrown where nothing handles it: ${message}$`, 'm'),
      );
      expect(err).not.to.match(/^ +at /m);
      expect(err).not.to.include(LEFT_BY_FORCE);
      expect(out).to.include('market slots');
      expect(code).to.equal(1);
    });

  it('shows where an error was thrown at level debug', async () => {
    const file = fixture('strategies/rejects.ts');
    const { err } = await startProcess(['run', file, '--sandbox', small, '--log-level', 'debug']).done;
    expect(err).to.match(/^ +at rejects .*rejects\.ts/m);
  });

  it('does not wait for what a strategy has left open, and says what it is', async () => {
    const file = fixture('strategies/leaves-timer.ts');
    const { code, err } = await startProcess(['run', file, '--sandbox', small]).done;
    expect(err).to.match(/^warn: something is left open, by the strategy as it seems: .*Timeout$/m);
    expect(code).to.equal(0);
  });

  it('fails when its output does not fit on the disk, and says so', async () => {
    const full = openSync('/dev/full', 'w');
    const { code, err } = await startProcess(['run', 'basic', '--sandbox', small], full).done;
    closeSync(full);
    expect(err).to.match(/^error: the output could not be written: ENOSPC/m);
    expect(code).to.equal(1);
  });

  it('trades on when its log does not fit on the disk', async () => {
    const { code, err } = await startProcess(['run', 'basic', '--sandbox', small, '--log-file', '/dev/full'])
      .done;
    expect(err.match(/nothing more is written to the log file/g)).to.have.length(1);
    expect(code).to.equal(0);
  });
});
