import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { DecodeFailure } from '../model/failures.ts';
import type { Area, FeeUnit } from '../model/grid.ts';
import { finiteOrNull, readable, scalarAt, sound, textOrNull, type Writable } from './checked.ts';
import { listOf, strict, tagged } from './combinators.ts';
import { finishedFee } from './figures.ts';
import { readGrid } from './grid.ts';
import type { FinishedMessage, MarketSlotMessage, TickMessage, TradesMessage } from './messages.ts';
import { present } from './present.ts';
import { Finite, JsonObject, optional, orNone, Percent, Positive, SlotTime } from './scalars.ts';

/** A market or tick event and its tree. */
interface WireMoment {
  readonly event: 'moment';
  readonly moment: Omit<MarketSlotMessage | TickMessage, 'areas' | 'unreadable'>;
  readonly grid_tree: JsonObject;
}

type Kind = WireMoment['moment']['kind'];

const readMoment = (kind: Kind, event: JsonObject): WireMoment => {
  const moment: Writable<WireMoment['moment']> = present({
    kind,
    slot: scalarAt(SlotTime, event.market_slot, 'market_slot'),
    progress: scalarAt(Percent, event.slot_completion, 'slot_completion'),
    feedInTariffRate: finiteOrNull(event.feed_in_tariff_rate, 'feed_in_tariff_rate'),
    marketMakerRate: finiteOrNull(event.market_maker_rate, 'market_maker_rate'),
  });
  // A local exchange names none: to take the key out of each event again would take longer than all the rest.
  const simulationId = textOrNull(event.simulation_id, 'simulation_id');
  if (simulationId !== undefined) moment.simulationId = simulationId;
  return { event: 'moment', moment, grid_tree: scalarAt(JsonObject, event.grid_tree, 'grid_tree') };
};

const moment = (kind: Kind, name: string) =>
  readable<WireMoment>({ name, read: (event) => readMoment(kind, event) });

const WireTrade = strict(
  {
    asset_id: t.string,
    trade_id: t.string,
    time: t.string,
    trade_price: Finite,
    traded_energy: Positive,
    total_fee: Finite,
    local_market_fee: orNone(Finite),
    seller: t.string,
    buyer: t.string,
    seller_origin: t.string,
    buyer_origin: t.string,
    bid_id: orNone(t.string),
    offer_id: orNone(t.string),
    residual_bid_id: orNone(t.string),
    residual_offer_id: orNone(t.string),
  },
  'a trade',
);
type WireTrade = t.TypeOf<typeof WireTrade>;

const WireTrades = strict(
  {
    event: t.literal('trade'),
    trade_list: listOf(WireTrade),
    grid_tree: JsonObject,
    simulation_id: optional(t.string),
  },
  'a trade event',
);

const WireFinished = strict(
  { event: t.literal('finish'), simulation_id: optional(t.string) },
  'a finish event',
);

/** An event of an aggregator (exchange protocol, event fields). */
const WireEvent = tagged('an event', 'event', {
  market: moment('market-slot', 'a market event'),
  tick: moment('tick', 'a tick event'),
  trade: WireTrades,
  finish: WireFinished,
});
type WireEvent = t.TypeOf<typeof WireEvent>;

/** What a reader needs to know beside the message. */
export interface EventContext {
  readonly feeUnit: FeeUnit;
  /** Makes a failure of what could not be read. */
  readonly report: (errors: t.Errors) => DecodeFailure;
}

type EventMessage = MarketSlotMessage | TickMessage | TradesMessage | FinishedMessage;

/** A market or tick event; undefined for any other, and for one that is not as it has to be. */
const momentIn = (content: unknown): WireMoment | undefined => {
  if (!JsonObject.is(content) || (content.event !== 'tick' && content.event !== 'market')) return undefined;
  const kind = content.event === 'tick' ? 'tick' : 'market-slot';
  return sound(() => readMoment(kind, content));
};

/** The event of an aggregator, its grid tree flattened. */
export const readEvent = (
  content: unknown,
  { feeUnit, report }: EventContext,
): t.Validation<EventMessage> => {
  const event = decoded(content);
  if (E.isLeft(event)) return event;
  const { right } = event;
  if (right.event === 'finish') return E.right(toMessage(right, feeUnit, { areas: [], unreadable: [] }));
  const tree = readTree(right.grid_tree, feeUnit);
  if (E.isLeft(tree)) return tree;
  const { areas, unreadable } = tree.right;
  return E.right(toMessage(right, feeUnit, { areas, unreadable: unreadable.map(report) }));
};

/**
 * The event whose grid tree has been read before; an empty one stands in its place. Undefined for one that is not as it
 * has to be.
 */
export const readEventAround = (
  areas: readonly Area[],
  content: JsonObject,
  feeUnit: FeeUnit,
): EventMessage | undefined => {
  const event = decoded(content);
  return E.isRight(event) ? toMessage(event.right, feeUnit, { areas, unreadable: [] }) : undefined;
};

/** Nearly all events are moments that are as they have to be, and read without a codec. */
const decoded = (content: unknown): t.Validation<WireEvent> => {
  const moment = momentIn(content);
  return moment ? E.right(moment) : WireEvent.decode(content);
};

const readTree = (tree: JsonObject, feeUnit: FeeUnit) =>
  readGrid(tree, feeUnit, [
    { key: '', type: WireEvent },
    { key: 'grid_tree', type: JsonObject, actual: tree },
  ]);

const toMessage = (
  event: WireEvent,
  feeUnit: FeeUnit,
  grid: Pick<TradesMessage, 'areas' | 'unreadable'>,
): EventMessage => {
  switch (event.event) {
    case 'finish':
      return present({ kind: 'finished', simulationId: event.simulation_id });
    case 'trade':
      return {
        kind: 'trades',
        trades: event.trade_list.map(toTrade(event.simulation_id, grid.areas, feeUnit)),
        ...grid,
      };
    case 'moment':
      return complete(event.moment, grid);
  }
};

/** The moment with its grid, in the same object: it is fresh and nobody else's yet. */
const complete = (
  moment: WireMoment['moment'],
  { areas, unreadable }: Pick<TradesMessage, 'areas' | 'unreadable'>,
): MarketSlotMessage | TickMessage => {
  const message = moment as Writable<MarketSlotMessage | TickMessage>;
  message.areas = areas;
  message.unreadable = unreadable;
  return message;
};

const toTrade =
  (simulationId: string | undefined, areas: readonly Area[], feeUnit: FeeUnit) =>
  (trade: WireTrade): TradesMessage['trades'][number] =>
    present({
      kind: 'trade',
      simulationId,
      tradeId: trade.trade_id,
      assetUuid: trade.asset_id,
      assetName: trade.seller === ANONYMOUS ? trade.buyer : trade.seller,
      side: sideOf(trade, areas),
      time: trade.time,
      energyKWh: trade.traded_energy,
      priceCents: trade.trade_price,
      rate: trade.trade_price / trade.traded_energy,
      feeCents: trade.total_fee,
      localMarketFee: finishedFee(trade.local_market_fee, feeUnit),
      sellerOrigin: trade.seller_origin,
      buyerOrigin: trade.buyer_origin,
      bidId: trade.bid_id,
      offerId: trade.offer_id,
      residualBidId: trade.residual_bid_id,
      residualOfferId: trade.residual_offer_id,
    });

/** How the exchange names the other side of a trade. */
const ANONYMOUS = 'anonymous';

const sideOf = (trade: WireTrade, areas: readonly Area[]): 'bought' | 'sold' | 'ambiguous' => {
  const sold = trade.seller !== ANONYMOUS;
  const bought = trade.buyer !== ANONYMOUS;
  if (sold !== bought) return sold ? 'sold' : 'bought';
  // Both sides bear the asset's name: a namesake traded with it.
  const kind = areas.find(({ uuid }) => uuid === trade.asset_id)?.kind;
  if (kind === 'load') return 'bought';
  return kind === 'pv' ? 'sold' : 'ambiguous';
};
