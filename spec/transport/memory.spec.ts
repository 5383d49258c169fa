import { expect } from 'chai';
import { VirtualTimeScheduler } from 'rxjs';
import { memoryBus, memoryTransport } from '../../lib/transport/memory.ts';
import type { Frame } from '../../lib/wire/messages.ts';

const open = () => {
  const scheduler = new VirtualTimeScheduler();
  return { scheduler, bus: memoryBus(scheduler) };
};

describe('memoryBus', () => {
  it('hands a message to everybody who listens, in order, and never inside publish', () => {
    const { scheduler, bus } = open();
    const heard: string[] = [];
    bus.frames(['a', 'b']).subscribe(({ channel, data }) => heard.push(`1 ${channel}${String(data)}`));
    bus.frames(['b']).subscribe(({ channel, data }) => heard.push(`2 ${channel}${String(data)}`));
    bus.publish('b', '!');
    bus.publish('a', '?');
    expect(heard).to.be.empty;
    scheduler.flush();
    expect(heard).to.deep.equal(['1 b!', '2 b!', '1 a?']);
  });

  it('counts the receivers and stores nothing', () => {
    const { scheduler, bus } = open();
    const heard: Frame[] = [];
    expect(bus.publish('a', 'lost')).to.equal(0);
    const subscription = bus.frames(['a']).subscribe((frame) => heard.push(frame));
    expect(bus.publish('a', 'kept')).to.equal(1);
    scheduler.flush();
    subscription.unsubscribe();
    expect(bus.publish('a', 'lost too')).to.equal(0);
    scheduler.flush();
    expect(heard).to.deep.equal([{ channel: 'a', data: 'kept' }]);
  });
});

describe('memoryTransport', () => {
  it('listens to the channels of an aggregator before it is created, and to each once', () => {
    const { scheduler, bus } = open();
    const transport = memoryTransport(bus);
    const heard: Frame[] = [];
    transport.frame$.subscribe((frame) => heard.push(frame));
    transport.send({ kind: 'create-aggregator', name: 'me', aggregatorUuid: 'u' });
    transport.send({ kind: 'create-aggregator', name: 'me', aggregatorUuid: 'u' });
    expect(bus.publish('external-aggregator//u/events/all', '{}')).to.equal(1);
    expect(bus.publish('external-aggregator//other/events/all', '{}')).to.equal(0);
    scheduler.flush();
    expect(heard).to.have.length(1);
  });

  it('sends when it is called, once, however often the delivery is looked at', () => {
    const { scheduler, bus } = open();
    const sent: Frame[] = [];
    bus.frames(['/area-map']).subscribe((frame) => sent.push(frame));
    const delivery$ = memoryTransport(bus).send({ kind: 'area-map' });
    delivery$.subscribe();
    delivery$.subscribe();
    scheduler.flush();
    expect(sent).to.deep.equal([{ channel: '/area-map', data: '{}' }]);
  });
});
