import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { titleOf } from '../../lib/cli/secrets.ts';
import { gsyRx } from '../cli/terminal.ts';

const PASSWORD = 'hunter2 & "friends"';

describe('passwords', () => {
  it('are in no title: of the command line it bears what stands before the options', () => {
    expect(titleOf(['run', 'basic', '-p', 'secret'])).to.equal('gsy-rx run basic');
    expect(titleOf(['-psecret', 'run', 'basic'])).to.equal('gsy-rx');
    expect(titleOf(['list'])).to.equal('gsy-rx list');
  });

  it('on the command line are not seen in the list of processes, once the program has begun', async () => {
    // It takes connections and says nothing.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const cli = fileURLToPath(new URL('../../lib/cli.ts', import.meta.url));
    const args = [
      'run',
      'basic',
      '-u',
      'ada',
      '-p',
      PASSWORD,
      '-d',
      `http://127.0.0.1:${port}`,
      '-s',
      'simulation',
    ];
    const child = spawn(
      process.execPath,
      ['--conditions', 'gsy-rx-source', '--import', 'tsx', cli, ...args],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await once(child.stderr, 'data');
    const shown = execFileSync('ps', ['-o', 'args=', '-p', String(child.pid)], { encoding: 'utf8' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    server.close();
    expect(shown.trim()).to.equal('gsy-rx run basic');
  });

  it('of a Redis are warned of on the command line, and stand in no line and no log file, which is its owner’s alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gsy-rx-'));
    const file = join(folder, 'log');
    const url = `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:1`;
    const { code, err, out } = await gsyRx('run', 'basic', '--redis', url, '-l', 'trace', '-f', file);
    expect(code).to.equal(1);
    expect(err).to.include('a password on the command line is seen').and.to.include('REDIS_URL');
    const log = readFileSync(file, 'utf8');
    for (const text of [err, out, log])
      expect(text).not.to.include('hunter2').and.not.to.include(encodeURIComponent(PASSWORD));
    expect(log).not.to.equal('');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    rmSync(folder, { recursive: true });
  });
});
