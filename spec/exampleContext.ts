import type { Observable } from 'rxjs';
import type {
  Area,
  AreaEvent,
  AreaTrade,
  AssetMoment,
  Bid,
  Bus,
  CallbackAggregator,
  DecodeFailure,
  HostedSession,
  Load,
  Market,
  MarketSlot,
  Pv,
  Storage,
  Strategy,
  Transport,
} from 'gsy-rx';
import type { Community } from 'gsy-rx/sandbox';

// The things that the examples of doc comments speak of and do not define: a reader has them at hand.
export { readFileSync } from 'node:fs';
export { join } from 'node:path';
export { isRight } from 'fp-ts/lib/Either.js';
export { default as basic } from '../strategies/basic.ts';
export { default as lastMinute } from '../strategies/last-minute.ts';

export declare const market: Market;
export declare const event$: Market['event$'];
export declare const marketSlot$: Market['marketSlot$'];
export declare const tick$: Market['tick$'];
export declare const trade$: Market['trade$'];
export declare const outcome$: Market['outcome$'];
export declare const response$: Market['response$'];
export declare const slot: MarketSlot;
export declare const areas: readonly Area[];
export declare const load: Load;
export declare const load$: Observable<AssetMoment<Load>>;
export declare const pv$: Observable<AssetMoment<Pv>>;
export declare const storage$: Observable<AssetMoment<Storage>>;
export declare const bid$: Observable<Bid>;
export declare const price$: Observable<number>;
export declare const addToBatchCommands: CallbackAggregator['addToBatchCommands'];

export declare const strategy: Strategy;
export declare const bus: Bus;
export declare const transport: Transport;
export declare const session: HostedSession;
export declare const community: Community;
export declare const username: string;
export declare const password: string;
export declare const simulationId: string;
export declare const areaUuid: string;
/** The content of a file, and the folder where it was. */
export declare const text: string;
export declare const folder: string;

export declare const isTrade: (event: AreaEvent | DecodeFailure) => event is AreaTrade;
export declare const readFees: (text: string) => readonly number[];
export declare const isFees: (value: unknown) => value is readonly number[];
