import { GsyError } from '../errors.ts';
import type {
  Area,
  FeeUnit,
  Grid,
  Load,
  MarketArea,
  OwnedAsset,
  Pv,
  SmartMeter,
  Storage,
} from '../model/grid.ts';

/** Whether the area is a load under this client's control. */
export const isLoad = (area: Area): area is Load => area.kind === 'load';

/** Whether the area is a PV under this client's control. */
export const isPv = (area: Area): area is Pv => area.kind === 'pv';

/** Whether the area is a storage under this client's control. */
export const isStorage = (area: Area): area is Storage => area.kind === 'storage';

/** Whether the area is a smart meter under this client's control. */
export const isSmartMeter = (area: Area): area is SmartMeter => area.kind === 'smart-meter';

/** Whether the area is something under this client's control that can consume: a load or a smart meter. */
export const isConsumer = (area: Area): area is Load | SmartMeter => isLoad(area) || isSmartMeter(area);

/** Whether the area is something under this client's control that can produce: a PV or a smart meter. */
export const isProducer = (area: Area): area is Pv | SmartMeter => isPv(area) || isSmartMeter(area);

/** Whether the area has a market of its own; only such areas have fees and statistics. */
export const isMarketArea = (area: Area): area is MarketArea => area.kind === 'market';

/** Whether the area is an asset under this client's control. */
export const isOwnedAsset = (area: Area): area is OwnedAsset =>
  !isMarketArea(area) && area.kind !== 'foreign';

/**
 * The grid of one event, its areas given parents before children. It costs nothing until it is asked: each index is
 * built at the first question that needs it, and shared with the grid of the event before where the same areas stand in
 * the same places; so are the markets where none has changed.
 *
 * Where a broken tree names one uuid twice, the first area keeps it.
 *
 * @param last the grid of the event before
 * @example
 * const grid = indexGrid(areas, 'cents/kWh');
 * grid.pathToRoot('Load 1').map(({ name }) => name); // ['Load 1', 'House 1', 'Grid']
 */
export const indexGrid = (areas: readonly Area[], feeUnit: FeeUnit, last?: Grid): Grid =>
  IndexedGrid.following(last, areas, feeUnit) ?? new IndexedGrid(areas, feeUnit, new GridIndex(areas));

/** Whether the same areas stand in the same places; their figures may differ. */
const isAlike = (areas: readonly Area[], others: readonly Area[]): boolean =>
  areas.length === others.length &&
  areas.every((area, place) => area === others[place] || isSame(area, others[place]));

const isSame = (area: Area, other: Area | undefined): boolean =>
  area.uuid === other?.uuid &&
  area.parentUuid === other.parentUuid &&
  area.name === other.name &&
  area.kind === other.kind;

/** The places of areas in a grid, by what one asks for. */
class GridIndex {
  #areas: readonly Area[];
  #byUuid: ReadonlyMap<string, number> | undefined;
  #byName: ReadonlyMap<string, readonly number[]> | undefined;
  #markets: readonly number[] | undefined;
  #assets: readonly number[] | undefined;
  #paths: Map<number, readonly number[]> | undefined;

  constructor(areas: readonly Area[]) {
    this.#areas = areas;
  }

  /** From now on the same areas of a later event are looked at, so that those of the former ones are not kept. */
  goOnWith(areas: readonly Area[]): this {
    this.#areas = areas;
    return this;
  }

  get markets(): readonly number[] {
    return (this.#markets ??= placesOf(this.#areas, isMarketArea));
  }

  get assets(): readonly number[] {
    return (this.#assets ??= placesOf(this.#areas, isOwnedAsset));
  }

  byUuid(uuid: string): number | undefined {
    this.#byUuid ??= placesByUuid(this.#areas);
    return this.#byUuid.get(uuid);
  }

  /** The way from an area up to the root, itself first. */
  pathToRoot(place: number): readonly number[] {
    this.#paths ??= new Map();
    const known = this.#paths.get(place);
    if (known !== undefined) return known;
    const parentUuid = this.#areas[place]?.parentUuid;
    const parent = parentUuid === undefined ? undefined : this.byUuid(parentUuid);
    const path = parent === undefined ? [place] : [place, ...this.pathToRoot(parent)];
    this.#paths.set(place, path);
    return path;
  }

  byName(name: string): readonly number[] {
    this.#byName ??= placesByName(this.#areas);
    return this.#byName.get(name) ?? [];
  }
}

const placesOf = (areas: readonly Area[], isMeant: (area: Area) => boolean): readonly number[] => {
  const places: number[] = [];
  let place = 0;
  for (const area of areas) {
    if (isMeant(area)) places.push(place);
    place += 1;
  }
  return places;
};

// The first of a uuid is the one that stays: a parent then always stands before its child.
const placesByUuid = (areas: readonly Area[]): ReadonlyMap<string, number> => {
  const places = new Map<string, number>();
  for (let place = areas.length - 1; place >= 0; place -= 1) places.set(areas[place]?.uuid ?? '', place);
  return places;
};

const placesByName = (areas: readonly Area[]): ReadonlyMap<string, readonly number[]> => {
  const places = new Map<string, number[]>();
  for (const [place, { name }] of areas.entries()) {
    const namesakes = places.get(name);
    if (namesakes) namesakes.push(place);
    else places.set(name, [place]);
  }
  return places;
};

class IndexedGrid implements Grid {
  readonly areas: readonly Area[];
  readonly feeUnit: FeeUnit;
  readonly #index: GridIndex;
  #markets: readonly MarketArea[] | undefined;
  #assets: readonly OwnedAsset[] | undefined;
  /** The markets of the grid before, which are nearly always the same. */
  readonly #lastMarkets: readonly MarketArea[] | undefined;

  constructor(
    areas: readonly Area[],
    feeUnit: FeeUnit,
    index: GridIndex,
    lastMarkets?: readonly MarketArea[],
  ) {
    this.areas = areas;
    this.feeUnit = feeUnit;
    this.#index = index;
    this.#lastMarkets = lastMarkets;
  }

  /** The grid that takes over what the last one knows, where they are alike. */
  static following(
    last: Grid | undefined,
    areas: readonly Area[],
    feeUnit: FeeUnit,
  ): IndexedGrid | undefined {
    return last instanceof IndexedGrid && isAlike(areas, last.areas)
      ? new IndexedGrid(areas, feeUnit, last.#index.goOnWith(areas), last.#markets ?? last.#lastMarkets)
      : undefined;
  }

  get root(): Area | undefined {
    return this.areas[0];
  }

  get markets(): readonly MarketArea[] {
    return (this.#markets ??=
      this.#sameMarkets() ?? (this.#at(this.#index.markets) as readonly MarketArea[]));
  }

  get assets(): readonly OwnedAsset[] {
    return (this.#assets ??= this.#at(this.#index.assets) as readonly OwnedAsset[]);
  }

  byUuid(uuid: string): Area | undefined {
    const place = this.#index.byUuid(uuid);
    return place === undefined ? undefined : this.areas[place];
  }

  byName(name: string): readonly Area[] {
    return this.#at(this.#index.byName(name));
  }

  area(nameOrUuid: string): Area {
    const ofUuid = this.byUuid(nameOrUuid);
    if (ofUuid) return ofUuid;
    const [first, ...others] = this.byName(nameOrUuid);
    if (!first)
      throw new GsyError('ERR_GSY_UNKNOWN_AREA', `${unknownArea(nameOrUuid)} ${this.#whatThereIs()}`);
    if (others.length > 0)
      throw new GsyError('ERR_GSY_AMBIGUOUS_NAME', ambiguousName(nameOrUuid, [first, ...others]));
    return first;
  }

  children(nameOrUuid: string): readonly Area[] {
    const area = this.area(nameOrUuid);
    return isMarketArea(area) ? area.childUuids.flatMap((uuid) => this.byUuid(uuid) ?? []) : [];
  }

  pathToRoot(nameOrUuid: string): readonly Area[] {
    const place = this.#index.byUuid(nameOrUuid) ?? this.#index.byUuid(this.area(nameOrUuid).uuid);
    return place === undefined ? [] : this.#at(this.#index.pathToRoot(place));
  }

  /** The markets of the grid before, where none has changed. */
  #sameMarkets(): readonly MarketArea[] | undefined {
    const last = this.#lastMarkets;
    return this.#index.markets.every((place, i) => this.areas[place] === last?.[i]) ? last : undefined;
  }

  #at(places: readonly number[]): readonly Area[] {
    const found: Area[] = [];
    for (const place of places) {
      const area = this.areas[place];
      if (area !== undefined) found.push(area);
    }
    return found;
  }

  #whatThereIs(): string {
    if (this.areas.length === 0) return 'The grid is not known yet: it is empty during the first slot.';
    return `The grid has ${namesOf(this.areas)}.`;
  }
}

const unknownArea = (nameOrUuid: string): string => `No area has the name or uuid "${nameOrUuid}".`;

const ambiguousName = (name: string, areas: readonly Area[]): string =>
  `${areas.length} areas are named "${name}": say which by its uuid, one of ${areas.map(({ uuid }) => uuid).join(', ')}.`;

const MOST_NAMES = 20;

const namesOf = (areas: readonly Area[]): string => {
  const names = areas.slice(0, MOST_NAMES).map(({ name }) => `"${name}"`);
  return names.join(', ') + (areas.length > MOST_NAMES ? ` and ${areas.length - MOST_NAMES} more` : '');
};
