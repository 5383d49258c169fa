import type { AreaEvent } from '../model/areaEvents.ts';
import type { ChangeGridFees, Command } from '../model/commands.ts';
import type { BatchResponse, Finished, MarketSlot, Tick, Trade } from '../model/events.ts';
import type { DecodeFailure } from '../model/failures.ts';
import type { Area } from '../model/grid.ts';
import type { CommandReply } from '../model/replies.ts';

/** One message as it came or goes: the exchange's channel and its JSON text, raw bytes or decoded. */
export interface Frame {
  readonly channel: string;
  readonly data: string | Uint8Array;
}

/** The grid tree of an event, flattened. */
interface WithAreas {
  /** Parents before children. */
  readonly areas: readonly Area[];
  /** One for each asset whose figures could not be understood; it stands among the areas as a foreign one. */
  readonly unreadable: readonly DecodeFailure[];
}

/** A market event, its grid not indexed yet. */
export type MarketSlotMessage = Omit<MarketSlot, 'grid'> & WithAreas;
/** A tick event, its grid not indexed yet. */
export type TickMessage = Omit<Tick, 'grid'> & WithAreas;
/** A trade event: all trades of one tick, with one grid. */
export type TradesMessage = WithAreas & {
  readonly kind: 'trades';
  readonly trades: readonly Omit<Trade, 'grid'>[];
};
/** The end of the run. */
export type FinishedMessage = Omit<Finished, 'grid'>;
/** The reply to a batch. */
export type BatchResponseMessage = Omit<BatchResponse, 'grid'>;

/** The exchange's answer to CREATE, SELECT, UNSELECT or DELETE; every client hears every answer. */
export interface AggregatorReply {
  readonly kind: 'aggregator-reply';
  readonly transactionId: string;
  readonly status: 'ready' | 'selected' | 'unselected' | 'deleted' | 'error';
  /** Of an aggregator that was created. */
  readonly name?: string;
  readonly aggregatorUuid?: string;
  readonly areaUuid?: string;
  readonly reason?: string;
  /** The aggregator that holds the area already, where that is the reason of an error. */
  readonly heldBy?: string;
}

/** The answer to register or unregister; errors carry neither command nor transaction. */
export interface RegistrationReply {
  readonly kind: 'registration-reply';
  readonly channelName: string;
  readonly status: 'registered' | 'unregistered' | 'error';
  readonly transactionId?: string;
  readonly areaUuid?: string;
  readonly reason?: string;
}

/** Every area of the grid, parents before children: its name by its uuid. */
export interface AreaMap {
  readonly kind: 'area-map';
  readonly nameByUuid: ReadonlyMap<string, string>;
}

/** The answer to pause, resume or stop. */
export interface ControlReply {
  readonly kind: 'control-reply';
  readonly command: string;
  readonly transactionId: string;
  readonly status: string;
}

/** The exchange is alive; sent every 5 s. */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  /** Seconds since 1970. */
  readonly timeS: number;
}

/** The answer to a command given to one area directly. */
export interface AreaReply {
  readonly kind: 'area-reply';
  readonly channelName: string;
  readonly command: string;
  readonly transactionId?: string;
  readonly areaUuid?: string;
  readonly reply: CommandReply;
}

/** A message that a client sends, as the exchange hears it. */
export interface RequestMessage {
  readonly kind: 'request';
  readonly request: HeardRequest;
}

/** Everything that stands on the exchange's channels, decoded. */
export type Message =
  | MarketSlotMessage
  | TickMessage
  | TradesMessage
  | FinishedMessage
  | BatchResponseMessage
  | AggregatorReply
  | RegistrationReply
  | AreaMap
  | ControlReply
  | Heartbeat
  | AreaEvent
  | AreaReply
  | RequestMessage;

/** Commands by area, in the order in which the exchange shall run them. */
export type BatchCommands = ReadonlyMap<string, readonly Command[]>;

/** Commands to be sent together, answered together. */
export interface Batch {
  readonly kind: 'batch';
  readonly aggregatorUuid: string;
  readonly transactionId: string;
  readonly commands: BatchCommands;
}

/** Takes an area into an aggregator, or lets a market go. An asset is let go by unregistering it. */
interface Selection {
  readonly kind: 'select' | 'unselect';
  readonly aggregatorUuid: string;
  readonly areaUuid: string;
  readonly transactionId: string;
}

/** Registers or unregisters an area by what its channels begin with: an asset's name, a market's slug. */
interface Registration {
  readonly kind: 'register' | 'unregister';
  readonly channelName: string;
  readonly transactionId: string;
}

interface ToMarket {
  /** What the market's channels begin with: its slug. */
  readonly channelName: string;
  readonly transactionId: string;
}

/** Asks a registered market something, without an aggregator. */
export type MarketCall =
  (ToMarket & Pick<ChangeGridFees, 'kind' | 'fee'>) | (ToMarket & { readonly kind: 'dso-market-stats' });

/** Everything this library asks of an exchange. */
export type Request =
  /** The transaction id of a CREATE becomes the aggregator's uuid. */
  | { readonly kind: 'create-aggregator'; readonly name: string; readonly aggregatorUuid: string }
  /**
   * Asks whether there is such an aggregator: an error says that it exists. A local exchange can only be asked by a
   * CREATE, which leaves an empty aggregator behind where there was none; that harms nobody.
   */
  | { readonly kind: 'find-aggregator'; readonly aggregatorUuid: string }
  | {
      readonly kind: 'delete-aggregator';
      readonly name: string;
      readonly aggregatorUuid: string;
      readonly transactionId: string;
    }
  | Selection
  | Registration
  | MarketCall
  | { readonly kind: 'area-map' }
  | Batch;

/** A command that this library would not send: of an unknown type, or not as its type has to be. */
export interface OtherCommand {
  readonly kind: 'other-command';
  readonly areaUuid: string;
  /** Undefined where the command names none. */
  readonly type?: string;
  /** What is wrong with it, in one line. */
  readonly reason: string;
}

/** A batch as the exchange hears it; whoever sent it may have sent anything. */
export interface HeardBatch extends Omit<Batch, 'commands'> {
  readonly commands: ReadonlyMap<string, readonly (Command | OtherCommand)[]>;
}

/** A request that this library does not make: pause, a command given to one asset directly. */
export interface OtherRequest {
  readonly kind: 'other-request';
  readonly channel: string;
}

/** Everything that an exchange hears. */
export type HeardRequest = Exclude<Request, Batch> | HeardBatch | OtherRequest;
