import type { Frame } from '../wire/messages.ts';
import {
  AGGREGATOR_COMMANDS,
  AGGREGATOR_RESPONSE,
  AREA_MAP,
  AREA_MAP_RESPONSE,
  batchChannel,
  batchResponseChannel,
} from '../wire/channels.ts';
import {
  announcement,
  finishAnnouncements,
  slotAnnouncements,
  tradeAnnouncements,
  type Announcement,
  type SlotEventsDue,
} from './announcements.ts';
import { assetFinishEvents, assetMarketEvents, assetTickEvents, assetTradeEvents } from './assetEvents.ts';
import { readBatch, runBatch, type Batch } from './batches.ts';
import { ticksPerSlot, type Community } from './community.ts';
import { openControl } from './control.ts';
import { isObject, parseJson, transactionIdOf, type JsonObject } from './json.ts';
import type { Random } from './random.ts';
import { channelName, register, registrationOf } from './registration.ts';
import { steeringOf, steeringReply, STEERING_CHANNELS, type Steering } from './steering.ts';
import { openTrading, type TickMoment, type Trading } from './trading.ts';

/** The exchange as a machine of messages: what comes in changes it, what it says goes out through `publish`. */
export interface Exchange {
  /** What it listens to. */
  readonly channels: readonly string[];
  readonly trading: Trading;
  receive(frame: Frame): void;
  /** Goes one tick on and tells everybody. */
  tick(): TickMoment;
  /** Tells everybody that the run is over. */
  finish(): void;
  /** How many messages and commands so far would have ended or deafened the real exchange. */
  dangers(): number;
}

/**
 * An exchange for a community, before its first slot. Whoever lets it tick is told through `steer` to pause, to go on
 * and to end.
 */
export const openExchange = (
  community: Community,
  random: Random,
  publish: (channel: string, data: string) => void,
  steer: (command: Steering) => void = () => undefined,
): Exchange => {
  const announce = (announcements: readonly Announcement[]): void => {
    for (const { channel, data } of announcements) publish(channel, data);
  };
  const say = (channel: string, message: JsonObject): void => announce([announcement(channel, message)]);
  const trading = openTrading(community, random, () => changeOver());
  const { grid, book } = trading;
  const control = openControl(grid);
  const registration = registrationOf(grid);
  const tickEventEvery = Math.floor(ticksPerSlot(community) / 10);
  let waiting = new Map<unknown, Batch>();
  let dangers = 0;
  let ticksGone = 0;

  /** Registrations take effect when a slot begins; an asset that leaves is lost to its aggregator too. */
  const changeOver = (): void => {
    for (const asset of grid.assets) {
      if (asset.registration === 'arriving') asset.registration = 'connected';
      if (asset.registration !== 'leaving') continue;
      asset.registration = 'none';
      control.release(asset);
    }
    control.slotOpened();
    announce(
      assetMarketEvents(grid, {
        slotText: trading.clock().slot,
        slotLengthMinutes: community.slotLengthMinutes,
      }),
    );
  };

  const aggregatorCommand = (message: unknown): void => {
    const { replies, fatal } = control.run(isObject(message) ? message : {});
    if (fatal) dangers += 1;
    for (const reply of replies) say(AGGREGATOR_RESPONSE, reply);
  };

  /** A later batch with the same transaction id takes the place of an earlier one that still waits. */
  const batch = (message: unknown): void => {
    const read = readBatch(message);
    if (typeof read === 'string') dangers += 1;
    else waiting.set(read.transactionId, read);
  };

  const registrationCommand = (channel: string, message: unknown): void => {
    const asked = registration.asked(channel);
    if (asked === undefined) return;
    const transactionId = transactionIdOf(message);
    if (transactionId === undefined) {
      dangers += 1;
      return;
    }
    const reply = register(asked.area, asked.verb, transactionId);
    if (reply !== undefined) {
      say(`${channelName(asked.area)}/response/${asked.verb}_participant`, reply);
    }
  };

  const steering = (command: Steering, message: unknown): void => {
    const answer = steeringReply(command, message);
    if (answer === undefined) {
      dangers += 1;
      return;
    }
    say(answer.channel, answer.reply);
    steer(command);
  };

  const areaMap = (): void =>
    say(AREA_MAP_RESPONSE, {
      area_mapping: Object.fromEntries([...grid.byUuid.values()].map(({ uuid, name }) => [uuid, name])),
    });

  const answerBatches = (batches: Iterable<Batch>): void => {
    for (const taken of batches) {
      const result = runBatch(grid, taken, { book, clock: trading.clock() });
      dangers += result.dangers;
      if (result.reply !== undefined) say(batchResponseChannel(taken.aggregatorUuid), result.reply);
    }
  };

  const slotEventsDue = ({ tick, slotText }: TickMoment): SlotEventsDue => ({
    market: tick === 0,
    tick: ticksGone % tickEventEvery === 0,
    slotText,
    percent: Math.floor((tick * 100) / ticksPerSlot(community)),
  });

  return {
    channels: [AGGREGATOR_COMMANDS, batchChannel(), AREA_MAP, ...STEERING_CHANNELS, ...registration.channels],
    trading,
    receive: ({ channel, data }) => {
      const message = parseJson(data);
      const command = steeringOf(channel);
      if (channel === AGGREGATOR_COMMANDS) aggregatorCommand(message);
      else if (channel === batchChannel()) batch(message);
      else if (channel === AREA_MAP) areaMap();
      else if (command !== undefined) steering(command, message);
      else registrationCommand(channel, message);
    },
    tick: () => {
      const batches = waiting.values();
      waiting = new Map();
      const moment = trading.beginTick();
      // Market and tick events tell how things stand before this tick's matching, trade events how after it; none
      // tells what this tick's batches did, though their replies go out first.
      const due = slotEventsDue(moment);
      const owners = control.owners();
      const slotEvents = [...slotAnnouncements(grid, owners, due), ...assetTickEvents(grid, due)];
      const deals = trading.endTick();
      const tradeEvents = [...tradeAnnouncements(grid, owners, deals), ...assetTradeEvents(deals)];
      ticksGone += 1;
      answerBatches(batches);
      announce([...slotEvents, ...tradeEvents]);
      return moment;
    },
    finish: () => announce([...finishAnnouncements(grid, control.owners()), ...assetFinishEvents(grid)]),
    dangers: () => dangers,
  };
};
