import { endWith, ignoreElements, map, merge, reduce, takeUntil, type Observable } from 'rxjs';
import type { MarketEvent, SlotEvent, Trade } from '../model/events.ts';
import type { Grid, OwnedAsset } from '../model/grid.ts';
import type { Outcome, OutcomeKind } from '../model/outcomes.ts';

/** Energy and money that changed hands. */
export interface Flow {
  readonly energyKWh: number;
  readonly moneyCents: number;
}

/** What one area traded, and what became of the commands for it. */
export interface Account {
  readonly areaUuid: string;
  readonly name: string;
  readonly kind: OwnedAsset['kind'] | 'market' | 'unknown';
  readonly bought: Flow;
  readonly sold: Flow;
  readonly outcomes: Readonly<Partial<Record<OutcomeKind, number>>>;
}

/** The books of a run, as its own client saw it. */
export interface Ledger {
  /** In the order in which the areas were first seen. */
  readonly accounts: readonly Account[];
  /** What loads and smart meters had to buy in the slots that were seen with their grid. */
  readonly demandKWh: number;
  /** What PVs and smart meters had to sell in those slots. */
  readonly productionKWh: number;
  /** What loads and smart meters bought inside the community, not from an asset at the root. */
  readonly boughtLocallyKWh: number;
  readonly slots: number;
  /** Means over the slots in which the exchange told them, cents/kWh. */
  readonly feedInTariffRate?: number;
  readonly marketMakerRate?: number;
}

/**
 * Keeps the books of a run; one value, when its outcomes complete.
 *
 * Energies and money are those of the trades as the exchange reports them. The first slot has no grid tree, so its
 * demand and production are not known.
 */
export const ledger = (event$: Observable<MarketEvent>, outcome$: Observable<Outcome>): Observable<Ledger> =>
  merge(event$.pipe(map((event) => ({ event }))), outcome$.pipe(map((outcome) => ({ outcome })))).pipe(
    takeUntil(outcome$.pipe(ignoreElements(), endWith(undefined))),
    reduce((books, entry) => {
      if ('outcome' in entry) books.enterOutcome(entry.outcome);
      else books.enterEvent(entry.event);
      return books;
    }, new Books()),
    map((books) => books.close()),
  );

interface OpenAccount {
  name: string;
  kind: Account['kind'];
  readonly bought: { energyKWh: number; moneyCents: number };
  readonly sold: { energyKWh: number; moneyCents: number };
  readonly outcomes: Partial<Record<OutcomeKind, number>>;
}

/** A mean as it runs, of what is told. */
class Mean {
  #sum = 0;
  #count = 0;

  enter(value: number | undefined): void {
    if (value === undefined) return;
    this.#sum += value;
    this.#count += 1;
  }

  value(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }
}

/** So many areas that no grid has told of have accounts of their own. */
const MOST_UNKNOWN = 10_000;

/** Sums as they run; one instance per subscription. */
class Books {
  readonly #accounts = new Map<string, OpenAccount>();
  readonly #feedInTariff = new Mean();
  readonly #marketMaker = new Mean();
  #slot: string | undefined;
  #slots = 0;
  #demandKWh = 0;
  #productionKWh = 0;
  #boughtLocallyKWh = 0;
  #unknown = 0;

  enterOutcome({ command, kind }: Outcome): void {
    // A strategy may have emitted anything.
    const areaUuid: unknown = (command as { areaUuid?: unknown } | undefined | null)?.areaUuid;
    const { outcomes } = this.#account(typeof areaUuid === 'string' ? this.#bounded(areaUuid) : '(no area)');
    outcomes[kind] = (outcomes[kind] ?? 0) + 1;
  }

  enterEvent(event: MarketEvent): void {
    if (event.kind === 'market-slot' || event.kind === 'tick') this.#enterSlot(event);
    if (event.kind === 'trade') this.#enterTrade(event);
  }

  close(): Ledger {
    const [feedInTariffRate, marketMakerRate] = [this.#feedInTariff.value(), this.#marketMaker.value()];
    const accounts = [...this.#accounts].map(([areaUuid, account]) => ({ areaUuid, ...account }));
    return {
      accounts,
      demandKWh: this.#demandKWh,
      productionKWh: this.#productionKWh,
      boughtLocallyKWh: this.#boughtLocallyKWh,
      slots: this.#slots,
      ...(feedInTariffRate !== undefined && { feedInTariffRate }),
      ...(marketMakerRate !== undefined && { marketMakerRate }),
    };
  }

  /** A strategy that names ever new areas must not fill the books. */
  #bounded(areaUuid: string): string {
    if (this.#accounts.has(areaUuid)) return areaUuid;
    this.#unknown += 1;
    return this.#unknown > MOST_UNKNOWN ? '(other areas)' : areaUuid;
  }

  #account(areaUuid: string, name = areaUuid, kind: Account['kind'] = 'unknown'): OpenAccount {
    const account = this.#accounts.get(areaUuid) ?? {
      name,
      kind,
      bought: { energyKWh: 0, moneyCents: 0 },
      sold: { energyKWh: 0, moneyCents: 0 },
      outcomes: {},
    };
    this.#accounts.set(areaUuid, account);
    if (account.kind === 'unknown') Object.assign(account, { name, kind });
    return account;
  }

  #enterSlot({ slot, grid, feedInTariffRate, marketMakerRate }: SlotEvent): void {
    if (slot === this.#slot) return;
    this.#slot = slot;
    this.#slots += 1;
    this.#feedInTariff.enter(feedInTariffRate);
    this.#marketMaker.enter(marketMakerRate);
    for (const asset of grid.assets) {
      this.#account(asset.uuid, asset.name, asset.kind);
      const traded = 'energyTradedKWh' in asset ? asset.energyTradedKWh : 0;
      if ('energyRequirementKWh' in asset) this.#demandKWh += asset.energyRequirementKWh + traded;
      if ('availableEnergyKWh' in asset) this.#productionKWh += asset.availableEnergyKWh + traded;
    }
    for (const market of grid.markets) {
      const account = this.#accounts.get(market.uuid);
      if (account?.kind === 'unknown') this.#account(market.uuid, market.name, 'market');
    }
  }

  #enterTrade(trade: Trade): void {
    const asset = trade.grid.byUuid(trade.assetUuid);
    const kind = asset === undefined || asset.kind === 'foreign' ? 'unknown' : asset.kind;
    const account = this.#account(trade.assetUuid, trade.assetName, kind);
    const flow = trade.side === 'sold' ? account.sold : account.bought;
    flow.energyKWh += trade.energyKWh;
    flow.moneyCents += trade.priceCents;
    const consumes = kind === 'load' || kind === 'smart-meter';
    if (consumes && trade.side === 'bought' && isInCommunity(trade.sellerOrigin, trade.grid))
      this.#boughtLocallyKWh += trade.energyKWh;
  }
}

// Beyond the community there are the assets that hang at the root itself: the market maker, the infinite bus.
const isInCommunity = (origin: string, grid: Grid): boolean =>
  grid.byName(origin).some(({ kind, parentUuid }) => kind !== 'market' && parentUuid !== grid.root?.uuid);
