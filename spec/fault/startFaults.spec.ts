import { expect } from 'chai';
import { filter, firstValueFrom, NEVER } from 'rxjs';
import { run } from '../../lib/run.ts';
import { restClients } from '../transport/restClients.ts';

describe('a run that cannot begin on a hosted exchange', () => {
  const { at, connect } = restClients();
  const begin = () => run({ transport: connect().transport, strategy: () => NEVER, aggregator: 'crew' });

  for (const status of [400, 403, 409])
    it(`ends at once when the server answers with status ${status}, which asking again does not change`, async () => {
      at.server.answer('/list-aggregators/', () => ({ status }));
      const beforeMs = performance.now();
      const end = await begin().done;
      expect(end).to.have.nested.property('error.status', status);
      expect(performance.now() - beforeMs).to.be.below(2_000);
    });

  for (const status of [500, 502, 503])
    it(`says at once that the server answers with status ${status}, and begins when it does no longer`, async () => {
      at.server.answer('/list-aggregators/', () => ({ status }));
      const running = begin();
      const gap = await firstValueFrom(running.status$.pipe(filter(({ state }) => state === 'gap')));
      expect(gap).to.have.property('reason').that.includes(`status ${status}`);
      at.server.answer('/list-aggregators/', () => ({ body: [] }));
      await firstValueFrom(running.control$);
      expect(await firstValueFrom(running.status$)).to.include({ state: 'open' });
      await running.stop();
    });

  it('says at once that there is no websocket, and begins when there is', async () => {
    at.server.upgradeStatus = 404;
    const running = begin();
    const gap = await firstValueFrom(running.status$.pipe(filter(({ state }) => state === 'gap')));
    expect(gap).to.have.property('reason').that.includes('status 404');
    at.server.upgradeStatus = 101;
    await firstValueFrom(running.control$);
    await running.stop();
  });
});
