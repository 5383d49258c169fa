import { expect } from 'chai';
import {
  asyncScheduler,
  filter,
  firstValueFrom,
  lastValueFrom,
  map,
  Subject,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import { aggregatorUuidOf } from 'gsy-rx';
import { openSandbox, redisBus, type ExchangeBus } from 'gsy-rx/sandbox';
import { AGGREGATOR_COMMANDS, batchChannel } from '../lib/wire/channels.ts';
import { startProcess, type Process } from './cli/process.ts';
import { chance } from './cutDay.ts';
import { auditor, community, uuidsOf } from './recoveryWorld.ts';
import { startRedisServer, type RedisServer } from './redisServer.ts';

const SLOT_MS = 4_000;
const KILLS = 3;
const OWN = aggregatorUuidOf('basic');

type Json = Readonly<Record<string, unknown>>;

/** The exchange's end, with what clients say on it. */
const overheard = (bus: ExchangeBus) => {
  const saidSubject = new Subject<Json>();
  const toll: ExchangeBus = {
    publish: (channel, data) => bus.publish(channel, data),
    frames: (channels) =>
      bus.frames(channels).pipe(
        tap(({ channel, data }) => {
          if (channel === AGGREGATOR_COMMANDS || channel === batchChannel())
            saidSubject.next(JSON.parse(Buffer.from(data).toString()) as Json);
        }),
      ),
  };
  const next = (isIt: (said: Json, text: string) => boolean): Promise<number> =>
    firstValueFrom(
      saidSubject.pipe(
        filter((said) => isIt(said, JSON.stringify(said))),
        map(() => performance.now()),
      ),
    );
  return {
    toll,
    created: () => next(({ type }) => type === 'CREATE'),
    asked: () => next(({ aggregator_uuid }, text) => aggregator_uuid === OWN && text.includes('"list_')),
    ordered: () => next(({ aggregator_uuid }, text) => aggregator_uuid === OWN && text.includes('"price"')),
  };
};

const done = (nothing$: Observable<never>) => lastValueFrom(nothing$, { defaultValue: undefined });

describe('a client process that is killed with kill -9', function () {
  this.timeout(60_000);
  let server: RedisServer;
  let client: Process | undefined;
  beforeEach(async () => (server = await startRedisServer()));
  afterEach(async () => {
    client?.child.kill('SIGKILL');
    await client?.done;
    await server.stop();
  });

  it('is in control within a slot when it is started again, asks what stands, and has doubled nothing', async () => {
    const bus = redisBus(server.url);
    const { toll, created, asked, ordered } = overheard(bus);
    const options = { scheduler: asyncScheduler, bus: toll, realTimePerSlotMs: SLOT_MS };
    const sandbox = openSandbox(community, options);
    await done(bus.opened());
    sandbox.start();
    const audit = auditor(bus);
    const auditing = timer(0, 150).subscribe(() => audit.ask(...uuidsOf(community)));
    const start = () => (client = startProcess(['run', 'basic', '--redis', server.url]));
    const random = chance(3);

    let current = start();
    for (let kill = 0; kill < KILLS; kill += 1) {
      await ordered();
      await firstValueFrom(timer(random() * 1_000));
      current.child.kill('SIGKILL');
      await current.done;
      const [creation, question] = [created(), asked()];
      current = start();
      await current.says('4 under control');
      expect(performance.now() - (await creation)).to.be.below(SLOT_MS);
      expect((await question) - (await creation)).to.be.below(SLOT_MS);
    }
    auditing.unsubscribe();
    sandbox.stop();
    await done(bus.close());
    expect(audit.most()).to.equal(1);
    expect(sandbox.results().dangers).to.equal(0);
  });
});
