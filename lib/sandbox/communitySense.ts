import { shown, when, type Mistakes } from './checks.ts';
import { isObject, type JsonObject } from './json.ts';
import { timedSense } from './timeSense.ts';

// What the values of a community's JSON must be to each other. Whatever has a wrong form is passed over here.

/** How deep areas may stand in each other. */
const MOST_NESTED = 50;
const MOST_TICKS = 3_600;

/** An area or asset in a community's JSON, and its path. */
interface Place {
  readonly value: JsonObject;
  readonly at: string;
}

/** What makes no sense in a community, apart from files. */
export const communitySense = (community: JsonObject): Mistakes => {
  const areas = areasOf(community);
  return [
    ...timing(community),
    ...otherSlots(community),
    ...areas.flatMap(siblings),
    ...areas.flatMap(assetsOf).flatMap((asset) => assetSense(asset, community)),
  ];
};

/** Areas in areas deeper than anything needs, which would only do harm; undefined when there are none. */
export const tooDeep = (community: unknown): string | undefined => {
  let level = isObject(community) && isObject(community.grid) ? [community.grid] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MOST_NESTED) return `$.grid: areas are nested more than ${MOST_NESTED} deep`;
    level = level.flatMap(({ areas }) => (Array.isArray(areas) ? areas.filter(isObject) : []));
  }
  return undefined;
};

const placesIn = ({ value, at }: Place, key: 'areas' | 'assets'): readonly Place[] => {
  const children: unknown = value[key];
  if (!Array.isArray(children)) return [];
  return children.flatMap((child: unknown, index) =>
    isObject(child) ? [{ value: child, at: `${at}.${key}[${index}]` }] : [],
  );
};

const areasOf = ({ grid }: JsonObject): readonly Place[] => {
  const withBelow = (area: Place): readonly Place[] => [area, ...placesIn(area, 'areas').flatMap(withBelow)];
  return isObject(grid) ? withBelow({ value: grid, at: '$.grid' }) : [];
};

/** Every asset in a community, and its path. */
export const assetsIn = (community: JsonObject): readonly Place[] => areasOf(community).flatMap(assetsOf);
const assetsOf = (area: Place): readonly Place[] => placesIn(area, 'assets');

const siblings = (area: Place): Mistakes => {
  const seen = new Set<unknown>();
  return [...placesIn(area, 'areas'), ...assetsOf(area)].flatMap(({ value: { name }, at }) => {
    const twice = seen.has(name);
    seen.add(name);
    return when(typeof name === 'string' && twice, `${at}.name`, `${shown(name)} stands twice in one area`);
  });
};

/** Slots fill the day, ticks fill the slot, and a slot has enough of them for the ten tick events. */
const timing = ({ slotLengthMinutes, tickLengthSeconds }: JsonObject): Mistakes => {
  if (typeof slotLengthMinutes !== 'number' || typeof tickLengthSeconds !== 'number') return [];
  const ticks = (slotLengthMinutes * 60) / tickLengthSeconds;
  return [
    ...when(
      1440 % slotLengthMinutes !== 0,
      '$.slotLengthMinutes',
      `${slotLengthMinutes} does not divide a day`,
    ),
    ...when(
      !Number.isInteger(ticks) || ticks < 10 || ticks > MOST_TICKS,
      '$.tickLengthSeconds',
      `expected 10 to ${MOST_TICKS} whole ticks in a slot, found ${ticks}`,
    ),
  ];
};

/** Markets for other slots than the running one need room for a slot. */
const otherSlots = (community: JsonObject): Mistakes =>
  ['settlementHours', 'futureHours'].flatMap((key) => {
    const [hours, slotMinutes] = [community[key], community.slotLengthMinutes];
    const isShort =
      typeof hours === 'number' && typeof slotMinutes === 'number' && hours > 0 && hours * 60 < slotMinutes;
    return when(isShort, `$.${key}`, `${shown(hours)} is less than a slot`);
  });

const numeric = (value: unknown, otherwise: number): number =>
  value === undefined ? otherwise : typeof value === 'number' ? value : NaN;

const assetSense = ({ value, at }: Place, community: JsonObject): Mistakes => {
  switch (value.type) {
    case 'storage':
      return storageSense(value, at);
    case 'market-maker':
      return [
        ...when(numeric(value.buyRate, 0) > numeric(value.sellRate, 0), at, 'buyRate is above sellRate'),
        ...['buyRate', 'sellRate'].flatMap((key) => timedSense(value[key], `${at}.${key}`, community)),
      ];
    case 'load':
      return [...hoursSense(value, at), ...profileSense(value.profile, `${at}.profile`, community)];
    default:
      return profileSense(value.profile, `${at}.profile`, community);
  }
};

const storageSense = (storage: JsonObject, at: string): Mistakes => {
  const [least, initial, most] = [
    numeric(storage.minSocPercent, 10),
    numeric(storage.initialSocPercent, 50),
    numeric(storage.maxSocPercent, 100),
  ];
  const [buyRate, sellRate] = [numeric(storage.finalBuyRate, -1), numeric(storage.finalSellRate, Infinity)];
  return [
    ...when(
      initial < least || initial > most,
      at,
      `initialSocPercent ${initial} is not from ${least} to ${most}`,
    ),
    ...when(buyRate > sellRate, at, 'finalBuyRate is above finalSellRate'),
  ];
};

const hoursSense = ({ hoursOfDay, hoursPerDay }: JsonObject, at: string): Mistakes =>
  when(
    Array.isArray(hoursOfDay) && numeric(hoursPerDay, 0) > new Set(hoursOfDay).size,
    at,
    'hoursPerDay is more than hoursOfDay has',
  );

/** What makes no sense in a profile by time, in itself and for the days of the run. */
export const profileSense = (profile: unknown, at: string, community: JsonObject): Mistakes =>
  isObject(profile)
    ? ['powerW', 'energyKWh'].flatMap((key) => timedSense(profile[key], `${at}.${key}`, community))
    : [];
