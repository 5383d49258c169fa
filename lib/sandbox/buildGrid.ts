import { v5 as uuidV5 } from 'uuid';
import type { Area, AssetArea, Grid, MarketArea, Totals } from './areas.ts';
import type { AreaSpec, AssetSpec, Community } from './community.ts';
import { energyOf } from './energy.ts';
import { inLiteral } from './json.ts';
import { makerRatesOf, NO_RATES } from './makerRates.ts';
import { channelNameOf, LOCAL, type Naming } from './naming.ts';

/** The grid of a community. The uuid of an area comes from its path alone, so it is the same in every run. */
export const buildGrid = (community: Community, naming: Naming = LOCAL): Grid => {
  const areas: Area[] = [];
  const root = marketArea({ community, naming, areas }, community.grid, undefined, '');
  return {
    naming,
    root,
    markets: areas.filter((area) => area.kind === 'market'),
    assets: areas.filter((area) => area.kind === 'asset'),
    byUuid: new Map(areas.map((area) => [area.uuid, area])),
    lastRates: NO_RATES,
  };
};

const AREAS = '6b0d8c1e-5c44-5d5c-9d0b-3f8a2b7c1e60';

/** What every area of a grid is made with, and where all of them are gathered. */
interface Making {
  readonly community: Community;
  readonly naming: Naming;
  readonly areas: Area[];
}

const marketArea = (
  making: Making,
  spec: AreaSpec,
  parent: MarketArea | undefined,
  parentPath: string,
): MarketArea => {
  const path = pathBelow(parentPath, spec.name);
  const { uuid, name, channelName } = namesOf(making, 'market', path, spec);
  // Written out, as that of assets is: objects made with a spread have a hidden class each, and all that reads them is slow.
  const area: MarketArea = {
    uuid,
    name,
    channelName,
    external: spec.external ?? true,
    aggregatorUuid: undefined,
    registration: 'none',
    kind: 'market',
    parent,
    depth: parent === undefined ? 0 : parent.depth + 1,
    children: [],
    fee: spec.gridFee,
    slotFee: 0,
    bids: new Set(),
    offers: new Set(),
    trades: [],
    last: undefined,
    accumulated: emptyTotals(),
    beyond: emptyTotals(),
  };
  making.areas.push(area);
  for (const child of spec.areas ?? []) area.children.push(marketArea(making, child, area, path));
  for (const child of spec.assets ?? []) {
    const asset = assetArea(making, child, area, path);
    making.areas.push(asset);
    area.children.push(asset);
  }
  return area;
};

const assetArea = (making: Making, spec: AssetSpec, parent: MarketArea, parentPath: string): AssetArea => {
  const { uuid, name, channelName } = namesOf(making, 'asset', pathBelow(parentPath, spec.name), spec);
  return {
    uuid,
    name,
    channelName,
    external: spec.type === 'market-maker' ? false : (spec.external ?? true),
    aggregatorUuid: undefined,
    registration: 'none',
    kind: 'asset',
    parent,
    spec,
    party: inLiteral({ name, origin: name, origin_uuid: uuid, uuid }),
    energy: energyOf(spec, making.community),
    makerRates: spec.type === 'market-maker' ? makerRatesOf(spec, making.community) : undefined,
    bids: new Set(),
    offers: new Set(),
    tradedOfferIds: new Set(),
    deliveries: undefined,
    slot: { energyKWh: 0, costCents: 0 },
    lastSlot: { energyKWh: 0, costCents: 0 },
    bill: { boughtKWh: 0, soldKWh: 0, spentCents: 0, earnedCents: 0, feesCents: 0 },
    demandKWh: 0,
    productionKWh: 0,
  };
};

const emptyTotals = (): Totals => ({ boughtKWh: 0, soldKWh: 0, spentCents: 0, earnedCents: 0 });

/** Slashes inside names are told from those between them (as in a JSON pointer). */
const pathBelow = (parentPath: string, name: string): string =>
  `${parentPath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

const namesOf = (
  { naming }: Making,
  kind: Area['kind'],
  path: string,
  { name }: AreaSpec | AssetSpec,
): Pick<Area, 'uuid' | 'name' | 'channelName'> => {
  const uuid = uuidV5(path, AREAS);
  return { uuid, name, channelName: channelNameOf(naming, { kind, name, uuid }) };
};
