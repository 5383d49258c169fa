import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { gsyRx, start } from './terminal.ts';

const small = fileURLToPath(new URL('../fixtures/communities/small.json', import.meta.url));

/** What is answered to somebody who calls this machine by another name. */
const statusAt = async (url: string, host: string): Promise<number | undefined> => {
  const [response] = (await once(get(url, { headers: { host } }), 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
};

describe('gsy-rx run --metrics-port', () => {
  it('serves counters, histograms and the heap to this machine while it trades', async () => {
    const args = ['--sandbox', small, '--slot-length-realtime', '1s', '--log-level', 'debug'];
    const running = start(['run', 'basic', ...args, '--metrics-port', '0']);
    const said = await running.says('accepted');
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(said) ?? [];
    const response = await fetch(url);
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.match(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text).to.match(/^gsy_rx_outcomes_total{kind="accepted"} [1-9]/m);
    expect(text).to.match(/^nodejs_heap_size_used_bytes [1-9]/m);
    expect((await fetch(url.replace('/metrics', '/'))).status).to.equal(404);
    expect((await fetch(url, { method: 'POST' })).status).to.equal(404);
    expect(await statusAt(url, 'attacker.example')).to.equal(404);
    expect(await statusAt(url, 'localhost')).to.equal(200);

    const other = await gsyRx('run', 'basic', '--sandbox', small, '--metrics-port', new URL(url).port);
    expect(other.err).to.match(/^error: the metrics port could not be opened: .*EADDRINUSE/m);
    expect(other.code).to.equal(2);

    running.interrupt();
    expect((await running.done).code).to.equal(130);
    const gone = await fetch(url).then(
      () => 'still there',
      () => 'gone',
    );
    expect(gone).to.equal('gone');
  });
});
