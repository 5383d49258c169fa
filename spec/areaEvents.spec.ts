import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { VirtualTimeScheduler } from 'rxjs';
import { areaEvents } from '../lib/areaEvents.ts';
import { GsyError } from '../lib/errors.ts';
import type { AreaEvent } from '../lib/model/areaEvents.ts';
import type { DecodeFailure } from '../lib/model/failures.ts';
import { openSandbox, parseCommunity } from '../lib/sandbox/sandbox.ts';
import { memoryBus, memoryTransport } from '../lib/transport/memory.ts';

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
