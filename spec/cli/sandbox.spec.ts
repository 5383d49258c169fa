import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { startRedisServer } from '../redisServer.ts';
import { gsyRx, lines, start } from './terminal.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/communities/${name}`, import.meta.url));

describe('gsy-rx sandbox', () => {
  it('tells that a community file is sound, and how big the community is', async () => {
    const { code, out, err } = await gsyRx('sandbox', fixture('small.json'), '--validate');
    expect(out).to.include('is sound: 2 markets, 3 assets, 4 slots of 15 min');
    expect(err).to.equal('');
    expect(code).to.equal(0);
  });

  it('tells every mistake in a community file with its place', async () => {
    const { code, out, err } = await gsyRx('sandbox', fixture('broken.json'), '--validate');
    expect(out).to.equal('');
    expect(lines(err).length).to.be.above(2);
    expect(err).to.include('$.slots').and.to.include('$.grid.');
    expect(code).to.equal(2);
  });

  it('reads profiles from files beside the community, and names their mistakes by file and line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gsy-rx-'));
    const community = {
      startDate: '2026-06-21',
      slots: 4,
      slotLengthMinutes: 15,
      tickLengthSeconds: 15,
      grid: { name: 'Grid', assets: [{ type: 'load', name: 'Load', profileFile: 'load.csv' }] },
    };
    const file = join(folder, 'community.json');
    await writeFile(file, JSON.stringify(community));
    await writeFile(join(folder, 'load.csv'), 'time;power W\n00:00;100\n12:00;200\n');
    const sound = await gsyRx('sandbox', file, '--validate');
    expect(sound.out).to.include('is sound');
    await writeFile(join(folder, 'load.csv'), 'time;power W\n00:00;100\n12:00;much\n');
    const broken = await gsyRx('sandbox', file, '--validate');
    expect(broken.err).to.match(/load\.csv.*line 3/);
    expect(broken.code).to.equal(2);
    await rm(folder, { recursive: true });
  });

  it('dies in strict mode of what the real exchange dies of, says so, and ends with 1', async () => {
    const server = await startRedisServer();
    const sandbox = start([
      'sandbox',
      fixture('small.json'),
      '--redis',
      server.url,
      '--slot-length-realtime',
      '2s',
      '--strict',
    ]);
    await sandbox.says('the exchange is up');
    const client = new Redis(server.url);
    const message = { transaction_id: 't', aggregator_uuid: 'a', batch_commands: null };
    await client.publish('external-aggregator//batch_commands', JSON.stringify(message));
    const { code, err } = await sandbox.done;
    await client.quit();
    await server.stop();
    expect(err).to.match(/^error: .*exchange/m);
    expect(code).to.equal(1);
  });
});
