// What a strategy sees and says.
export type {
  Area,
  Asset,
  AssetBill,
  AssetKind,
  FeeUnit,
  ForeignAsset,
  Grid,
  Load,
  MarketArea,
  MarketStats,
  OwnedAsset,
  Pv,
  SmartMeter,
  Storage,
  TradeTotals,
  UnsettledDeviations,
} from './model/grid.ts';
export type {
  BatchResponse,
  Finished,
  MarketEvent,
  MarketSlot,
  SlotEvent,
  Tick,
  Trade,
} from './model/events.ts';
export type {
  AssetInfo,
  CommandReply,
  DsoMarketStats,
  Granted,
  ListedOrder,
  Order,
} from './model/replies.ts';
export type {
  AskAssetInfo,
  AskDsoMarketStats,
  Bid,
  ChangeGridFees,
  Command,
  DeleteBid,
  DeleteOffer,
  EnergyProfileKWh,
  EnergyType,
  ListBids,
  ListOffers,
  Offer,
  OrderAttributes,
  OrderChoice,
  OrderRequirement,
  SetEnergyForecast,
  SetEnergyMeasurement,
} from './model/commands.ts';
export type {
  Accepted,
  Expired,
  Outcome,
  OutcomeKind,
  Refused,
  Rejected,
  Superseded,
  Unanswered,
  Unsent,
} from './model/outcomes.ts';
export type { DecodeFailure, Failure, StrategyFailure, UnexpectedReply } from './model/failures.ts';
export { GsyError, type GsyErrorCode } from './errors.ts';

// Connecting.
export type { Delivery, Transport, TransportStatus } from './transport/transport.ts';
export { redisTransport, type RedisTransportOptions } from './transport/redis.ts';
export { restTransport, type RestTransport, type RestTransportOptions } from './transport/rest.ts';
export { compareVersions } from './transport/restVersion.ts';
export { memoryBus, memoryTransport, type Bus } from './transport/memory.ts';
export { decodeSimulationConfig, type SimulationConfig } from './wire/config.ts';
export type { Frame, Request } from './wire/messages.ts';

// The grid.
export { gridFee } from './grid/fees.ts';
export { isLoad, isMarketArea, isPv, isSmartMeter, isStorage } from './grid/grid.ts';

// Commands.
export {
  assetInfo,
  bidEnergy,
  bidEnergyRate,
  changeGridFeesPercent,
  deleteBid,
  deleteOffer,
  gridFees,
  lastMarketDsoStats,
  listBids,
  listOffers,
  offerEnergy,
  offerEnergyRate,
  setEnergyForecast,
  setEnergyMeasurement,
  SMALLEST_ENERGY_KWH,
  type OrderOptions,
  type SlotOptions,
} from './commands.ts';

// Strategies and the operators they are made of.
export type { Market } from './events.ts';
export { combineStrategies, type Strategy, type StrategyOptions } from './strategy.ts';
export { fromCallbacks, type CallbackAggregator, type Callbacks, type CommandChain } from './callbacks.ts';
export { eachAsset, type AssetMoment } from './operators/eachAsset.ts';
export { feesToGrid, gridAsks, gridPays } from './operators/gridRates.ts';
export { fromProgress } from './operators/fromProgress.ts';
export { limitEnergy, type EnergyLimits } from './operators/limitEnergy.ts';
export { limitRate, type RateLimits } from './operators/limitRate.ts';
export { oncePerSlot } from './operators/oncePerSlot.ts';
export { rampRate, type RampOptions, type RateBounds } from './operators/rampRate.ts';
export { skipDust } from './operators/skipDust.ts';
export { supersede } from './operators/supersede.ts';

// Running.
export { areaEvents, type AreaEventsOptions } from './areaEvents.ts';
export type { ExchangeHealth } from './health.ts';
export { aggregatorUuidOf, type AreaChoice, type AreaControl } from './aggregator.ts';
export { executeBatchCommands, type BatchingOptions, type SinkOptions } from './sink/sink.ts';
export type { ExchangeTraits } from './sink/refusal.ts';
export type { AreaRelease } from './release.ts';
export { run, type Run, type RunEnd, type RunOptions } from './run.ts';
