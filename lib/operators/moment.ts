import { extended } from '../extended.ts';
import type { SlotEvent } from '../model/events.ts';
import type { Grid, OwnedAsset } from '../model/grid.ts';

/** How much to order, on which side. */
export interface OrderSize {
  readonly side: 'bid' | 'offer';
  readonly energyKWh: number;
}

/** The fields of nearly all moments: a slot event, the asset that sees it, and what was found out for its order. */
interface MomentFields extends Partial<OrderSize> {
  readonly kind: SlotEvent['kind'];
  readonly slot: string;
  readonly progress: number;
  readonly feedInTariffRate?: number;
  readonly marketMakerRate?: number;
  readonly simulationId?: string;
  readonly grid: Grid;
  readonly asset?: OwnedAsset;
  readonly rate?: number;
}

/**
 * A copy of a moment, with what is new: `extended` for what strategies make several of for each asset at each event. To
 * copy field by field takes a quarter of the time.
 */
function Moment(
  this: { -readonly [Field in keyof MomentFields]: MomentFields[Field] },
  last: MomentFields,
  asset: OwnedAsset | undefined,
  rate: number | undefined,
  { side, energyKWh }: Partial<OrderSize>,
): void {
  this.kind = last.kind;
  this.slot = last.slot;
  this.progress = last.progress;
  if (last.feedInTariffRate !== undefined) this.feedInTariffRate = last.feedInTariffRate;
  if (last.marketMakerRate !== undefined) this.marketMakerRate = last.marketMakerRate;
  if (last.simulationId !== undefined) this.simulationId = last.simulationId;
  this.grid = last.grid;
  if (asset !== undefined) this.asset = asset;
  if (rate !== undefined) this.rate = rate;
  if (side !== undefined) this.side = side;
  if (energyKWh !== undefined) this.energyKWh = energyKWh;
}
// They are plain objects: a constructor's have room for the fields that come late, which a literal's have not.
Moment.prototype = Object.prototype;
const PlainMoment = Moment as unknown as new (...of: Parameters<typeof Moment>) => MomentFields;

/** Whether a moment has these fields and no others. */
const isPlain = (moment: Partial<MomentFields>): moment is MomentFields => {
  const { kind, slot, progress, feedInTariffRate, marketMakerRate, simulationId, grid } = moment;
  const { asset, rate, side, energyKWh } = moment;
  if (kind === undefined || slot === undefined || progress === undefined || grid === undefined) return false;
  let known = 4;
  if (feedInTariffRate !== undefined) known += 1;
  if (marketMakerRate !== undefined) known += 1;
  if (simulationId !== undefined) known += 1;
  if (asset !== undefined) known += 1;
  if (rate !== undefined) known += 1;
  if (side !== undefined) known += 1;
  if (energyKWh !== undefined) known += 1;
  let count = 0;
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- counted only, without an array of all keys
  for (const _ in moment) count += 1;
  return count === known;
};

/** The event as this asset sees it. */
export const withAsset = <E extends object, A extends OwnedAsset>(
  event: E,
  asset: A,
): E & { readonly asset: A } =>
  isPlain(event)
    ? (new PlainMoment(event, asset, event.rate, event) as unknown as E & { readonly asset: A })
    : extended(event, { asset });

/** The moment with a rate, cents/kWh. */
export const withRate = <M extends object>(moment: M, rate: number): M & { readonly rate: number } =>
  isPlain(moment)
    ? (new PlainMoment(moment, moment.asset, rate, moment) as unknown as M & { readonly rate: number })
    : extended(moment, { rate });

/** The moment with the size of an order. */
export const withSize = <M extends object>(moment: M, size: OrderSize): M & OrderSize =>
  isPlain(moment)
    ? (new PlainMoment(moment, moment.asset, moment.rate, size) as unknown as M & OrderSize)
    : extended(moment, size);
