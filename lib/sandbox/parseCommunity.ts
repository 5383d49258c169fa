import { GsyError } from '../errors.ts';
import type { Community } from './community.ts';
import {
  areaName,
  boolean,
  date,
  fields,
  list,
  number,
  object,
  oneOf,
  positive,
  shown,
  when,
  whole,
  type Check,
  type Fields,
  type Mistakes,
} from './checks.ts';
import { isObject, parseJson, type JsonObject } from './json.ts';
import { SHAPE_NAMES } from './shapes.ts';

/**
 * A community from its JSON text.
 * @throws GsyError `ERR_GSY_COMMUNITY` that lists every mistake, one a line, each with its JSON path.
 */
export const parseCommunity = (text: string): Community => {
  const value = parseJson(text);
  const mistakes = value === undefined ? ['$: this is no JSON'] : community(value, '$');
  if (mistakes.length > 0) {
    throw new GsyError('ERR_GSY_COMMUNITY', `The community cannot be used:\n${mistakes.join('\n')}`);
  }
  return value as Community;
};

const MOST = {
  slots: 100_000,
  areas: 10_000,
  ticks: 3_600,
  profile: 86_400,
  energy: 1e6,
  rate: 1e6,
  nesting: 50,
};

const rate = number(0, MOST.rate);
const percent = number(0, 100);
const POWERS: Fields['optional'] = {
  powerW: list(number(0, MOST.energy * 1000), 1, MOST.profile),
  shape: oneOf(SHAPE_NAMES),
  energyKWhPerDay: number(0, MOST.energy),
};
const PROFILED: Fields = {
  required: { type: oneOf(['load', 'pv']), name: areaName },
  optional: { external: boolean, initialRate: rate, finalRate: rate, ...POWERS },
};
const ASSETS: Readonly<Record<string, Fields>> = {
  load: PROFILED,
  pv: PROFILED,
  storage: {
    required: {
      type: oneOf(['storage']),
      name: areaName,
      capacityKWh: positive(MOST.energy),
      maxPowerKW: positive(MOST.energy),
    },
    optional: {
      external: boolean,
      initialSocPercent: percent,
      minSocPercent: percent,
      maxSocPercent: percent,
      efficiencyPercent: positive(100),
      initialBuyRate: rate,
      finalBuyRate: rate,
      initialSellRate: rate,
      finalSellRate: rate,
    },
  },
  'smart-meter': {
    required: {
      type: oneOf(['smart-meter']),
      name: areaName,
      powerW: list(number(-MOST.energy * 1000, MOST.energy * 1000), 1, MOST.profile),
    },
    optional: {
      external: boolean,
      initialBuyRate: rate,
      finalBuyRate: rate,
      initialSellRate: rate,
      finalSellRate: rate,
    },
  },
  'market-maker': {
    required: { type: oneOf(['market-maker']), name: areaName, buyRate: rate, sellRate: rate },
    optional: {},
  },
};

const asset: Check = (value, at) => {
  if (!isObject(value)) return [`${at}: expected an object, found ${shown(value)}`];
  const { type } = value;
  const shape = typeof type === 'string' && Object.hasOwn(ASSETS, type) ? ASSETS[type] : undefined;
  if (shape === undefined) return oneOf(Object.keys(ASSETS))(type, `${at}.type`);
  return [...fields(value, at, shape), ...assetSense(value, at)];
};

/** What the fields of an asset must be to each other. */
const assetSense = (value: JsonObject, at: string): Mistakes => {
  const numeric = (key: string, otherwise: number): number => {
    const given = value[key] ?? otherwise;
    return typeof given === 'number' ? given : NaN;
  };
  switch (value.type) {
    case 'storage': {
      const [least, initial, most] = [
        numeric('minSocPercent', 10),
        numeric('initialSocPercent', 50),
        numeric('maxSocPercent', 100),
      ];
      return [
        ...when(
          initial < least || initial > most,
          at,
          `initialSocPercent ${initial} is not from ${least} to ${most}`,
        ),
        ...when(
          numeric('finalBuyRate', -1) > numeric('finalSellRate', Infinity),
          at,
          'finalBuyRate is above finalSellRate',
        ),
      ];
    }
    case 'smart-meter':
      return [];
    case 'market-maker':
      return when(numeric('buyRate', 0) > numeric('sellRate', 0), at, 'buyRate is above sellRate');
    default:
      return profileSense(value, at);
  }
};

const profileSense = (value: JsonObject, at: string): Mistakes => {
  if ('powerW' in value && !('shape' in value) && !('energyKWhPerDay' in value)) return [];
  if (!('powerW' in value) && 'shape' in value && 'energyKWhPerDay' in value) return [];
  return [`${at}: expected either powerW, or shape with energyKWhPerDay`];
};

const area: Check = (value, at) => {
  if (at.split('.areas').length > MOST.nesting)
    return [`${at}: areas are nested more than ${MOST.nesting} deep`];
  const shape: Fields = {
    required: { name: areaName },
    optional: {
      external: boolean,
      gridFee: rate,
      areas: list(area, 0, MOST.areas),
      assets: list(asset, 0, MOST.areas),
    },
  };
  return [...object(shape)(value, at), ...(isObject(value) ? siblings(value, at) : [])];
};

const siblings = (value: JsonObject, at: string): Mistakes => {
  const seen = new Set<unknown>();
  return ['areas', 'assets'].flatMap((key) => {
    const children: unknown = value[key];
    if (!Array.isArray(children)) return [];
    return children.flatMap((child: unknown, index) => {
      if (!isObject(child) || typeof child.name !== 'string') return [];
      const twice = seen.has(child.name);
      seen.add(child.name);
      return when(twice, `${at}.${key}[${index}].name`, `${shown(child.name)} stands twice in one area`);
    });
  });
};

const community: Check = (value, at) => [
  ...object({
    required: {
      startDate: date,
      slots: whole(1, MOST.slots),
      slotLengthMinutes: whole(1, 1440),
      tickLengthSeconds: positive(86_400),
      grid: area,
    },
    optional: { updateIntervalMinutes: positive(1440) },
  })(value, at),
  ...(isObject(value) ? timing(value, at) : []),
];

/** Slots fill the day, ticks fill the slot, and a slot has enough of them for the ten tick events. */
const timing = ({ slotLengthMinutes, tickLengthSeconds }: JsonObject, at: string): Mistakes => {
  if (typeof slotLengthMinutes !== 'number' || typeof tickLengthSeconds !== 'number') return [];
  const ticks = (slotLengthMinutes * 60) / tickLengthSeconds;
  return [
    ...when(
      1440 % slotLengthMinutes !== 0,
      `${at}.slotLengthMinutes`,
      `${slotLengthMinutes} does not divide a day`,
    ),
    ...when(
      !Number.isInteger(ticks) || ticks < 10 || ticks > MOST.ticks,
      `${at}.tickLengthSeconds`,
      `expected 10 to ${MOST.ticks} whole ticks in a slot, found ${ticks}`,
    ),
  ];
};
