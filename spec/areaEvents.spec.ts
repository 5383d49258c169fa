import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { filter, firstValueFrom, lastValueFrom, take, tap, toArray, VirtualTimeScheduler } from 'rxjs';
import { areaEvents } from '../lib/areaEvents.ts';
import { GsyError } from '../lib/errors.ts';
import type { AreaEvent } from '../lib/model/areaEvents.ts';
import type { DecodeFailure } from '../lib/model/failures.ts';
import { openSandbox, parseCommunity } from '../lib/sandbox/sandbox.ts';
import { memoryBus, memoryTransport } from '../lib/transport/memory.ts';
import { restTransport } from '../lib/transport/rest.ts';
import { httpWorlds, SIMULATION, USERS } from './sandbox/httpClients.ts';

const community = parseCommunity(
  readFileSync(new URL('fixtures/communities/small.json', import.meta.url), 'utf8'),
);

const watch = (names: { readonly assets?: readonly string[]; readonly markets?: readonly string[] }) => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  const sandbox = openSandbox(community, { scheduler, bus });
  const events: (AreaEvent | DecodeFailure)[] = [];
  const ended: unknown[] = [];
  const subscription = areaEvents({ transport: memoryTransport(bus), scheduler, ...names }).subscribe({
    next: (event) => events.push(event),
    error: (error: unknown) => ended.push(error),
  });
  return { scheduler, bus, sandbox, events, ended, subscription };
};

const namesOf = (events: readonly (AreaEvent | DecodeFailure)[]) =>
  events.map((event) => (event.kind === 'area-event' ? `${event.channelName} ${event.event}` : event.kind));

describe('areaEvents', () => {
  const world = httpWorlds();

  it('gives the events of an asset from the slot on in which its registration counts', () => {
    const { scheduler, sandbox, events } = watch({ assets: ['Load'] });
    sandbox.start();
    scheduler.flush();
    const [first] = events;
    expect(first).to.deep.include({ event: 'market-slot', channelName: 'Load' });
    expect(first).to.have.nested.property('info.kind', 'load');
    expect(namesOf(events).filter((name) => name === 'Load tick').length).to.be.above(20);
    expect(namesOf(events).at(-1)).to.equal('Load finished');
  });

  it('gives a market nothing but the end', () => {
    const { scheduler, sandbox, events } = watch({ markets: ['House'] });
    sandbox.start();
    scheduler.flush();
    expect(namesOf(events)).to.deep.equal(['house finished']);
  });

  it('gives the same over REST, where a market’s events are no errors', async () => {
    const { address, bus, ticks } = await world();
    const transport = restTransport({
      domainName: address.url,
      webSocketDomainName: address.webSocketUrl,
      simulationId: SIMULATION,
      username: 'ada',
      password: USERS.ada,
    });
    const event$ = areaEvents({ transport, assets: ['PV'], markets: ['House 1'] });
    const replies = ['PV', 'house-1'].map((name) => `${name}/response/register_participant`);
    const registered = lastValueFrom(bus.frames(replies).pipe(take(2)));
    const events: (AreaEvent | DecodeFailure)[] = [];
    const finished = firstValueFrom(
      event$.pipe(
        tap((event) => events.push(event)),
        filter((event) => event.kind === 'area-event' && event.event === 'finished'),
        take(2),
        toArray(),
      ),
    );
    await registered;
    ticks(31);
    await finished;
    expect(namesOf(events).filter((name) => name === 'PV market-slot').length).to.be.at.least(2);
    expect(namesOf(events).filter((name) => name.endsWith('finished'))).to.have.members([
      'PV finished',
      'house-1 finished',
    ]);
    expect(events.some(({ kind }) => kind === 'decode-failure')).to.equal(false);
  });

  it('says at once that nobody answers to a name', () => {
    const { scheduler, ended } = watch({ assets: ['Windmill'] });
    scheduler.flush();
    expect(ended[0]).to.be.instanceOf(GsyError).with.property('code', 'ERR_GSY_UNKNOWN_AREA');
    expect(ended[0]).to.have.property('message').that.includes('Windmill');
  });

  it('gives messages that it does not understand as failures, and goes on', () => {
    const { scheduler, bus, sandbox, events } = watch({ assets: ['Load'] });
    scheduler.schedule(() => bus.publish('Load/events/tick', '{'), 1_000);
    sandbox.start();
    scheduler.flush();
    expect(namesOf(events)[0]).to.equal('decode-failure');
    expect(namesOf(events).at(-1)).to.equal('Load finished');
  });

  it('listens no more when it is unsubscribed', () => {
    const { scheduler, bus, sandbox, events, subscription } = watch({ assets: ['Load'] });
    sandbox.start();
    scheduler.schedule(() => subscription.unsubscribe(), 1_000);
    scheduler.flush();
    expect(events).to.be.empty;
    expect(bus.listeners('Load/events/tick')).to.equal(0);
  });
});
