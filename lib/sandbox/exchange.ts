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
import {
  directCommandsOf,
  directResponseChannel,
  runDirectCommand,
  type DirectCommand,
} from './directCommands.ts';
import { openFate } from './fate.ts';
import { HOSTED_COMMANDS, HOSTED_RESPONSES, runHostedCommand } from './hostedCommands.ts';
import { openGridText } from './gridText.ts';
import { isObject, parseJson, transactionIdOf, type JsonObject } from './json.ts';
import { LOCAL, type Naming } from './naming.ts';
import type { Random } from './random.ts';
import { register, registrationOf } from './registration.ts';
import { steeringOf, steeringReply, STEERING_CHANNELS, type Steering } from './steering.ts';
import { openTrading, type TickMoment, type Trading } from './trading.ts';

/** The exchange as a machine of messages: what comes in changes it, what it says goes out through `publish`. */
export interface Exchange {
  /** What it listens to. */
  readonly channels: readonly string[];
  readonly trading: Trading;
  receive(frame: Frame): void;
  /** Goes one tick on and tells everybody; undefined when a strict exchange has ended without a word. */
  tick(): TickMoment | undefined;
  /** Tells everybody that the run is over. */
  finish(): void;
  /** How many messages and commands so far would have ended or deafened the real exchange. */
  dangers(): number;
}

/** How an exchange is to be beside its community. */
export interface ExchangeOptions {
  /** Tells whoever lets it tick to pause, to go on and to end. */
  readonly steer?: (command: Steering) => void;
  readonly naming?: Naming;
  /** Whether it suffers what the real one suffers from messages that should never be sent; it goes on unless said. */
  readonly strict?: boolean;
}

/** An exchange for a community, before its first slot. */
export const openExchange = (
  community: Community,
  random: Random,
  publish: (channel: string, data: string) => void,
  { steer = () => undefined, naming = LOCAL, strict = false }: ExchangeOptions = {},
): Exchange => {
  const announce = (announcements: readonly Announcement[]): void => {
    for (const { channel, data } of announcements) publish(channel, data);
  };
  const say = (channel: string, message: JsonObject): void => announce([announcement(channel, message)]);
  const trading = openTrading(community, random, () => changeOver(), naming);
  const { grid, sessions } = trading;
  const fate = openFate(strict);
  const control = openControl(grid);
  const registration = registrationOf(grid);
  const direct = directCommandsOf(grid);
  const gridText = openGridText(grid);
  const batches = batchChannel(naming.configurationId);
  const tickEventEvery = Math.floor(ticksPerSlot(community) / 10);
  let waiting = new Map<unknown, Batch>();
  let waitingDirect: DirectCommand[] = [];
  let waitingHosted: unknown[] = [];
  let ticksGone = 0;

  /** Registrations take effect when a slot begins; an asset that leaves is lost to its aggregator too. */
  const changeOver = (): void => {
    fate.slotBegins();
    if (fate.isDead()) return;
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
    const { replies, danger, lastWords = [] } = control.run(isObject(message) ? message : {});
    fate.suffer(danger);
    const isHeard = !strict || danger === undefined;
    for (const reply of isHeard ? replies : lastWords) say(AGGREGATOR_RESPONSE, reply);
  };

  /** A later batch with the same transaction id takes the place of an earlier one that still waits. */
  const batch = (message: unknown): void => {
    const read = readBatch(message);
    if (typeof read === 'string') fate.suffer(read);
    else waiting.set(read.transactionId, read);
  };

  const directCommand = (channel: string, message: unknown): void => {
    const received = direct.receive(channel, message);
    if (received.kind === 'deafening') fate.suffer('deaf');
    if (received.kind === 'waits') waitingDirect.push(received.command);
    if (received.kind === 'answered')
      say(directResponseChannel(received.area, received.type), received.reply);
  };

  /** To register is a direct command too, but it is done at once. */
  const areaCommand = (channel: string, message: unknown): void => {
    const asked = registration.asked(channel);
    if (asked === undefined) {
      directCommand(channel, message);
      return;
    }
    const transactionId = transactionIdOf(message);
    if (transactionId === undefined) {
      fate.suffer('deaf');
      return;
    }
    const reply = register(asked.area, asked.verb, transactionId);
    if (reply !== undefined) {
      say(directResponseChannel(asked.area, `${asked.verb}_participant`), reply);
    }
  };

  const steering = (command: Steering, message: unknown): void => {
    const answer = steeringReply(command, message);
    if (answer === undefined) {
      fate.suffer('unsteerable');
      return;
    }
    say(answer.channel, answer.reply);
    steer(command);
  };

  const areaMap = (): void =>
    say(AREA_MAP_RESPONSE, {
      area_mapping: Object.fromEntries([...grid.byUuid.values()].map(({ uuid, name }) => [uuid, name])),
    });

  const commandContext = () => ({ community, sessions, clock: trading.clock(), strict });

  const batchAnswers = (taken: Batch): readonly Announcement[] => {
    const { reply, dangers } = runBatch(grid, taken, commandContext());
    for (const danger of dangers) fate.suffer(danger);
    const channel = batchResponseChannel(taken.aggregatorUuid, naming.configurationId);
    return reply === undefined ? [] : [{ channel, data: reply }];
  };

  const directAnswers = (command: DirectCommand): readonly Announcement[] => {
    const { reply, danger } = runDirectCommand(command, commandContext());
    fate.suffer(danger);
    const { area, type } = command;
    // The real exchange answers a direct forecast where it listens, and so hears itself for ever.
    const isLoop = strict && danger === 'loops';
    return [announcement(isLoop ? `${area.channelName}/${type}` : directResponseChannel(area, type), reply)];
  };

  const hostedAnswers = (message: unknown): readonly Announcement[] => {
    const reply = runHostedCommand(grid, message, commandContext());
    return reply === undefined ? [] : [announcement(HOSTED_RESPONSES, reply)];
  };

  const slotEventsDue = ({ tick, slotText }: TickMoment): SlotEventsDue => ({
    market: tick === 0,
    tick: ticksGone % tickEventEvery === 0,
    slotText,
    percent: Math.floor((tick * 100) / ticksPerSlot(community)),
  });

  return {
    channels: [
      ...[AGGREGATOR_COMMANDS, batches, AREA_MAP, HOSTED_COMMANDS, ...STEERING_CHANNELS],
      ...[...registration.channels, ...direct.channels],
    ],
    trading,
    receive: ({ channel, data }) => {
      const message = parseJson(data);
      const command = steeringOf(channel);
      const isSteering = command !== undefined || channel === AREA_MAP;
      if (fate.isDead() || (isSteering ? fate.isUnsteerable() : fate.isDeaf())) return;
      if (channel === AGGREGATOR_COMMANDS) aggregatorCommand(message);
      else if (channel === batches) batch(message);
      else if (channel === HOSTED_COMMANDS) waitingHosted.push(message);
      else if (command !== undefined) steering(command, message);
      else if (channel === AREA_MAP) areaMap();
      else areaCommand(channel, message);
    },
    tick: () => {
      if (fate.isDead()) return undefined;
      const [taken, takenDirect, takenHosted] = [waiting.values(), waitingDirect, waitingHosted];
      waiting = new Map();
      waitingDirect = [];
      waitingHosted = [];
      const moment = trading.beginTick();
      if (fate.isDead()) return undefined;
      // Market and tick events tell how things stand before this tick's matching, trade events how after it; none
      // tells what this tick's batches did, though their replies go out first.
      const due = slotEventsDue(moment);
      const owners = control.owners();
      const slotEvents = [...slotAnnouncements(gridText, owners, due), ...assetTickEvents(grid, due)];
      const deals = trading.endTick();
      const tradeEvents = [...tradeAnnouncements(gridText, owners, deals), ...assetTradeEvents(deals)];
      ticksGone += 1;
      const answers = [
        ...[...taken].flatMap(batchAnswers),
        ...takenDirect.flatMap(directAnswers),
        ...takenHosted.flatMap(hostedAnswers),
      ];
      if (fate.isDead()) return undefined;
      announce([...answers, ...slotEvents, ...tradeEvents]);
      return moment;
    },
    finish: () => announce([...finishAnnouncements(grid, control.owners()), ...assetFinishEvents(grid)]),
    dangers: fate.dangers,
  };
};
