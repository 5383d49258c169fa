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

/** Whether the area has a market of its own; only such areas have fees and statistics. */
export const isMarketArea = (area: Area): area is MarketArea => area.kind === 'market';

const isOwnedAsset = (area: Area): area is OwnedAsset => !isMarketArea(area) && area.kind !== 'foreign';

/**
 * The grid of one event, its areas given parents before children. It costs nothing until it is asked: each index is
 * built at the first question that needs it.
 *
 * Where a broken tree names one uuid twice, the first area keeps it.
 *
 * @example
 * const grid = indexGrid(areas, 'cents/kWh');
 * grid.pathToRoot('Load 1').map(({ name }) => name); // ['Load 1', 'House 1', 'Grid']
 */
export const indexGrid = (areas: readonly Area[], feeUnit: FeeUnit): Grid => new IndexedGrid(areas, feeUnit);

class IndexedGrid implements Grid {
  readonly areas: readonly Area[];
  readonly feeUnit: FeeUnit;
  #areaByUuid: ReadonlyMap<string, Area> | undefined;
  #areasByName: ReadonlyMap<string, readonly Area[]> | undefined;
  #markets: readonly MarketArea[] | undefined;
  #assets: readonly OwnedAsset[] | undefined;

  constructor(areas: readonly Area[], feeUnit: FeeUnit) {
    this.areas = areas;
    this.feeUnit = feeUnit;
  }

  get root(): Area | undefined {
    return this.areas[0];
  }

  get markets(): readonly MarketArea[] {
    return (this.#markets ??= this.areas.filter(isMarketArea));
  }

  get assets(): readonly OwnedAsset[] {
    return (this.#assets ??= this.areas.filter(isOwnedAsset));
  }

  byUuid(uuid: string): Area | undefined {
    // Backwards, so that the first of a uuid is the one that stays: a parent then always stands before its child.
    this.#areaByUuid ??= new Map(this.areas.toReversed().map((area) => [area.uuid, area]));
    return this.#areaByUuid.get(uuid);
  }

  byName(name: string): readonly Area[] {
    this.#areasByName ??= groupByName(this.areas);
    return this.#areasByName.get(name) ?? [];
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
    const path = [this.area(nameOrUuid)];
    for (let parent = this.#parent(path[0]); parent; parent = this.#parent(parent)) path.push(parent);
    return path;
  }

  #parent(area: Area | undefined): Area | undefined {
    return area?.parentUuid === undefined ? undefined : this.byUuid(area.parentUuid);
  }

  #whatThereIs(): string {
    if (this.areas.length === 0) return 'The grid is not known yet: it is empty during the first slot.';
    return `The grid has ${namesOf(this.areas)}.`;
  }
}

const groupByName = (areas: readonly Area[]): ReadonlyMap<string, readonly Area[]> => {
  const groups = new Map<string, Area[]>();
  for (const area of areas) {
    const namesakes = groups.get(area.name);
    if (namesakes) namesakes.push(area);
    else groups.set(area.name, [area]);
  }
  return groups;
};

const unknownArea = (nameOrUuid: string): string => `No area has the name or uuid "${nameOrUuid}".`;

const ambiguousName = (name: string, areas: readonly Area[]): string =>
  `${areas.length} areas are named "${name}": say which by its uuid, one of ${areas.map(({ uuid }) => uuid).join(', ')}.`;

const MOST_NAMES = 20;

const namesOf = (areas: readonly Area[]): string => {
  const names = areas.slice(0, MOST_NAMES).map(({ name }) => `"${name}"`);
  return names.join(', ') + (areas.length > MOST_NAMES ? ` and ${areas.length - MOST_NAMES} more` : '');
};
