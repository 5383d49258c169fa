/**
 * Strategies, the operators they are made of, transports and `run`.
 * @module gsy-rx
 */

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
  OwnedAssetBase,
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
export type { AreaEvent, AreaFinished, AreaMarketSlot, AreaTick, AreaTrade } from './model/areaEvents.ts';
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
  Withheld,
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
export type {
  FoundOrder,
  Reconciliation,
  ReconciliationCause,
  StandingOrder,
} from './model/reconciliation.ts';
export type { DecodeFailure, Failure, StrategyFailure, UnexpectedReply } from './model/failures.ts';
export { GsyError, type GsyErrorCode } from './errors.ts';

// Connecting.
export type { Delivery, Transport, TransportStatus } from './transport/transport.ts';
export { redisTransport, type RedisTransportOptions } from './transport/redis.ts';
export { restTransport, type RestTransport, type RestTransportOptions } from './transport/rest.ts';
export { API_VERSION, compareVersions, versionWarning } from './transport/restVersion.ts';
export { hostedSession, type HostedSession } from './transport/hostedSession.ts';
export type { HostedAddress } from './transport/restAddress.ts';
export { memoryBus, memoryTransport, type Bus, type MemoryTransportOptions } from './transport/memory.ts';
export { decodeSimulationConfig, type SimulationConfig, type SpotMarketType } from './wire/config.ts';
export type { AreaMap, Batch, BatchCommands, Frame, MarketCall, Request } from './wire/messages.ts';

// Looking up who is there on a hosted exchange, and telling it things, without a connection.
export { findArea, type AreaName } from './registry.ts';
export {
  canaryNetworks,
  registeredAreas,
  scmCommunities,
  simulationAggregators,
  simulationAreas,
  simulationRegistry,
  userAggregators,
} from './lookups.ts';
export type { LiveNetwork, UserAggregator } from './wire/graphQl.ts';
export type { SimulationAggregator } from './wire/hosted.ts';
export type { RegisteredArea } from './wire/registry.ts';
export {
  deleteAggregator,
  hostedAsset,
  setScmGlobalData,
  type HostedAsset,
  type HostedAssetAddress,
} from './hostedCalls.ts';

// The grid.
export { gridFee, type WhichFee } from './grid/fees.ts';
export { isConsumer, isLoad, isMarketArea, isProducer, isPv, isSmartMeter, isStorage } from './grid/grid.ts';

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

// Strategies, and by stage the operators they are made of.
export type { Market } from './events.ts';
export { combineStrategies, type Strategy, type StrategyOptions } from './strategy.ts';
export { parameter, type NumberAbout, type Parameter } from './parameter.ts';
export {
  parametrised,
  type Parameters,
  type ParametrisedStrategy,
  type SettingsOf,
  type ValuesOf,
} from './parameters.ts';
export type { EnergiesBySlot, ToldEnergy } from './wire/energiesBySlot.ts';
export type { FeesByTime, FeesFrom } from './wire/feesByTime.ts';
export type { FeeThreshold, FeeThresholds } from './wire/feeThresholds.ts';
export type { RequirementsByAsset } from './wire/requirements.ts';
export { fromCallbacks, type CallbackAggregator, type Callbacks, type CommandChain } from './callbacks.ts';

// Selecting.
export { eachAsset, type AssetMoment } from './operators/eachAsset.ts';
export { eachMarket, type MarketMoment } from './operators/eachMarket.ts';
export { inMarket } from './operators/inMarket.ts';
export { named } from './operators/named.ts';
export type { AreaMoment } from './operators/areaMoment.ts';

// Time.
export { atClockTimes, type ClockTimes } from './operators/atClockTimes.ts';
export { betweenClockTimes, type ClockHours } from './operators/betweenClockTimes.ts';
export { clockTime, marketDay } from './operators/marketClock.ts';
export { everyNthTick } from './operators/everyNthTick.ts';
export { fromProgress } from './operators/fromProgress.ts';
export { oncePerSlot } from './operators/oncePerSlot.ts';
export { untilProgress } from './operators/untilProgress.ts';
export { withNextSlot } from './operators/withNextSlot.ts';

// Pricing.
export { atRate } from './operators/atRate.ts';
export { feesToGrid, feesToPartner, gridAsks, gridPays, tariffMiddle } from './operators/gridRates.ts';
export { movingAverage, type MovingAverageOptions } from './operators/movingAverage.ts';
export { rampRate, type RampOptions, type RateBounds } from './operators/rampRate.ts';
export { rolling } from './operators/rolling.ts';
export { withMarketRates } from './operators/withMarketRates.ts';
export { withTradeRate } from './operators/withTradeRate.ts';

// Sizing.
export { eachSide } from './operators/eachSide.ts';
export { sizeBid, type BidSizeOptions } from './operators/sizeBid.ts';
export { sizeOffer, type OfferSizeOptions } from './operators/sizeOffer.ts';
export type { OrderSize } from './operators/moment.ts';
export type { Sized, SizeOptions } from './operators/sized.ts';

// Orders.
export { cancelFrom } from './operators/cancelFrom.ts';
export { placeOrder, type OrderMoment } from './operators/placeOrder.ts';
export { skipDust } from './operators/skipDust.ts';
export { splitOrder, type OrderPart } from './operators/splitOrder.ts';
export { supersede } from './operators/supersede.ts';

// Grid fees.
export { chargeFee } from './operators/chargeFee.ts';

// Guards.
export { guard } from './operators/guard.ts';
export { killSwitch } from './operators/killSwitch.ts';
export { limitEnergy, type EnergyLimits } from './operators/limitEnergy.ts';
export { limitOrderRate, type OrderRate } from './operators/limitOrderRate.ts';
export { limitRate, type RateLimits } from './operators/limitRate.ts';
export { limitSpend, type SpendLimits } from './operators/limitSpend.ts';

// Feedback.
export { eachDeviation, type SettlementMoment } from './operators/eachDeviation.ts';
export { eachMarketStats, type StatsMoment } from './operators/eachMarketStats.ts';
export { granted, type GrantedCommand, type GrantedTo } from './operators/granted.ts';
export { retryWithLess, type RetryOptions } from './operators/retryWithLess.ts';
export { tradesOf } from './operators/tradesOf.ts';

// Running.
export { areaEvents, type AreaEventsOptions } from './areaEvents.ts';
export { connectAreas, type AreaClient, type Areas, type AreasOptions, type MarketClient } from './areas.ts';
export type { Registered, Unregistered } from './asset.ts';
export type { GridFees } from './market.ts';
export type { ExchangeHealth } from './health.ts';
export { aggregatorUuidOf, type AreaChoice, type AreaControl } from './aggregator.ts';
export type { BatchingOptions, SinkOptions } from './sink/options.ts';
export { executeBatchCommands } from './sink/sink.ts';
export type { ExchangeTraits } from './sink/refusal.ts';
export type { AreaRelease } from './release.ts';
export { run, type Run, type RunEnd, type RunOptions } from './run.ts';
export type { StopOptions } from './stop.ts';
