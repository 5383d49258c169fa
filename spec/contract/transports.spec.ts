import { expect } from 'chai';
import { firstValueFrom, type VirtualTimeScheduler } from 'rxjs';
import { memoryBus, memoryTransport, redisTransport } from 'gsy-rx';
import { redisBus } from 'gsy-rx/sandbox';
import { startRedisServer } from '../redisServer.ts';
import { playScenario, type Door, type Seen } from './scenario.ts';

const memoryDoor = async (scheduler: VirtualTimeScheduler): Promise<Door> => {
  const bus = memoryBus(scheduler);
  return Promise.resolve({
    transport: memoryTransport(bus),
    bus,
    opened: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
};

const redisDoor = async (): Promise<Door> => {
  const server = await startRedisServer();
  const bus = redisBus(server.url);
  return {
    transport: redisTransport({ url: server.url }),
    bus,
    opened: () => firstValueFrom(bus.opened(), { defaultValue: undefined }),
    close: async () => {
      await firstValueFrom(bus.close(), { defaultValue: undefined });
      await server.stop();
    },
  };
};

const doors = { memory: memoryDoor, Redis: redisDoor };

describe('the contract of all transports', () => {
  let reference: Seen;
  before(async () => (reference = await playScenario(memoryDoor)));

  for (const [name, door] of Object.entries(doors))
    describe(name, () => {
      let seen: Seen;
      before(async () => (seen = await playScenario(door)));

      it('runs to the end of the simulation without a failure', () => {
        expect(seen.end).to.deep.equal({ reason: 'finished' });
        expect(seen.failures).to.be.empty;
      });

      it('shows the strategy the same events', () => {
        expect(seen.events.length).to.be.above(50);
        expect(seen.events).to.deep.equal(reference.events);
      });

      it('sends the same batches, to the byte', () => {
        expect(seen.batches.length).to.be.above(10);
        expect(seen.batches).to.deep.equal(reference.batches);
      });

      it('ends every command in the same outcome', () => {
        const kinds = new Set(seen.outcomes.map(({ kind }) => kind));
        expect([...kinds]).to.include.members(['accepted', 'rejected', 'refused', 'superseded']);
        expect(seen.outcomes).to.deep.equal(reference.outcomes);
      });
    });
});
