import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { firstValueFrom, Subject } from 'rxjs';
import { aggregatorUuidOf } from '../../lib/aggregator.ts';
import { redisPubSub } from '../../lib/transport/redisPubSub.ts';
import {
  AGGREGATOR_COMMANDS,
  AGGREGATOR_RESPONSE,
  AREA_MAP,
  AREA_MAP_RESPONSE,
  batchChannel,
  eventsChannel,
  registrationChannel,
} from '../../lib/wire/channels.ts';
import { compare, day, isEvent, keyOf, ordersOf, type Recorded, type RecordedOrder } from '../recording.ts';
import { gsyRx } from '../cli/terminal.ts';
import { startRedisServer } from '../redisServer.ts';

const AGGREGATOR = 'the recorded day';
/** So many times faster than it was recorded. */
const FACTOR = 30;

/** The assets that were traded, by uuid. */
const assets = new Map(
  day
    .filter(({ channel }) => channel.endsWith('/response/register_participant'))
    .map(({ channel, data }) => {
      const { device_uuid } = JSON.parse(data) as { device_uuid: string };
      return [device_uuid, channel.slice(0, -'/response/register_participant'.length)];
    }),
);

/** What an event is called if the strategy answers it. */
const callOf = ({ data }: Recorded): string | undefined => {
  const { event, slot_completion = '', market_slot = '' } = JSON.parse(data) as Record<string, string>;
  const progress = parseInt(slot_completion) / 100;
  if (event === 'market') return keyOf({ kind: 'market-slot', slot: market_slot, progress });
  return event === 'tick' && progress >= 0.1
    ? keyOf({ kind: 'tick', slot: market_slot, progress })
    : undefined;
};

/** The events to which the strategy answers, in their order. */
const callingEvents = day.filter(isEvent).flatMap((message) => callOf(message) ?? []);

/** Stands in for the exchange that was recorded: lets the client in, tells the day again, and keeps the batches. */
const replay = async (url: string) => {
  const exchange = redisPubSub(url);
  const batches: (readonly RecordedOrder[])[] = [];
  const batchSubject = new Subject<void>();
  const say = (channel: string, message: object) => exchange.publish(channel, JSON.stringify(message));
  let selected = 0;
  const tell = async () => {
    const channel = eventsChannel(aggregatorUuidOf(AGGREGATOR));
    const started = Date.now();
    const begin = day.find(isEvent)!.t;
    for (const message of day.filter(isEvent)) {
      await setTimeout(Math.max(0, ((message.t - begin) * 1_000) / FACTOR - (Date.now() - started)));
      const answered = firstValueFrom(batchSubject);
      exchange.publish(channel, message.data);
      // On a busy machine two events could come in one piece, and be answered in one batch.
      if (callOf(message) !== undefined) await answered;
    }
  };
  const answer = ({ channel, data }: { readonly channel: string; readonly data: string | Uint8Array }) => {
    const json = Buffer.from(data).toString();
    const message = JSON.parse(json) as Record<string, string>;
    if (channel === AREA_MAP) say(AREA_MAP_RESPONSE, { area_mapping: Object.fromEntries(assets) });
    if (channel === batchChannel()) {
      batches.push(ordersOf({ t: 0, channel, data: json }));
      batchSubject.next();
    }
    if (channel !== AGGREGATOR_COMMANDS) return;
    const { type, ...rest } = message;
    say(AGGREGATOR_RESPONSE, { status: type === 'CREATE' ? 'ready' : 'SELECTED', ...rest });
    selected += type === 'SELECT' ? 1 : 0;
    if (selected === assets.size) void tell();
  };
  exchange.frame$.subscribe(answer);
  const channels = [...assets.values()].map((name) => registrationChannel('register', name));
  await new Promise<void>((resolve) =>
    exchange
      .hear([AGGREGATOR_COMMANDS, AREA_MAP, batchChannel(), ...channels])
      .subscribe({ complete: resolve }),
  );
  return {
    batches,
    close: () => new Promise<void>((resolve) => exchange.close().subscribe({ complete: resolve })),
  };
};

describe('a recorded day of the real exchange, told again over Redis', () => {
  it('is traded by the runner at the rates of the official client', async () => {
    const server = await startRedisServer();
    const { batches, close } = await replay(server.url);
    const { code, out, err } = await gsyRx('run', 'basic', '--redis', server.url, '--aggregator', AGGREGATOR);
    await close();
    await server.stop();

    expect(err).to.include('6 areas found, 6 under control');
    expect(code).to.equal(0);
    expect(out).to.match(/market slots +2[23]/);
    expect(batches).to.have.length(callingEvents.length);
    const ours = new Map(callingEvents.map((event, index) => [event, batches[index]!]));
    expect(compare(ours)).to.deep.equal({ same: 805, dust: 13, different: [] });
  });
});
