import {
  boolean,
  date,
  defined,
  described,
  kinds,
  list,
  number,
  numberOr,
  object,
  oneOf,
  positive,
  record,
  text,
  whole,
  yes,
  type Check,
  type Fields,
  type Schema,
} from './checks.ts';
import type { SpotMarketType } from './community.ts';
import { TIME_FORM } from './profile.ts';
import { SHAPE_NAMES } from './shapes.ts';

// The form of a community's JSON: what its parser checks and its JSON Schema says, from one source.

const MOST = {
  slots: 100_000,
  areas: 10_000,
  profile: 86_400,
  times: 1_000_000,
  energy: 1e6,
  power: 1e9,
  rate: 1e6,
  panels: 100_000,
  hours: 8_760,
};

/** The lowest power or energy in a profile: only a smart meter's may be below 0. */
export const leastOf = (type: unknown): number => (type === 'smart-meter' ? -MOST.power : 0);

const SPOT_MARKET_TYPES: readonly SpotMarketType[] = [
  'two-sided-pay-as-bid',
  'two-sided-pay-as-clear',
  'one-sided-pay-as-offer',
];

const name = described('Unique beside its siblings', text('a name', 200));
const external = described('Whether clients may control it; true unless said otherwise', boolean);
const cents = number(0, MOST.rate);
const percent = number(0, 100);
const byTime = (item: Check): Check =>
  record(TIME_FORM, 'a time HH:mm or YYYY-MM-DDTHH:mm', item, MOST.times);
const rateByTime = described(
  'cents/kWh: one number, or numbers by the time from which they hold until the next',
  numberOr(cents, byTime(cents)),
);

/** A profile by time, whose values are no less than this. */
export const timedProfile = (least: number): Check => {
  const values = byTime(number(least, MOST.power));
  return object({
    required: {},
    optional: { powerW: values, energyKWh: values },
    exactlyOne: ['powerW', 'energyKWh'],
  });
};

const measured = (least: number): Fields['optional'] => ({
  powerW: described(
    'Average powers, spread evenly over the day',
    list(number(least, MOST.power), 1, MOST.profile),
  ),
  profile: described('Powers or energies by time', timedProfile(least)),
  profileFile: described(
    'A CSV or JSON file with a profile, beside the community file',
    text('a file name', 1_000),
  ),
});
const PROFILES: Fields['optional'] = {
  ...measured(0),
  shape: described('A built-in curve', oneOf(SHAPE_NAMES)),
  energyKWhPerDay: number(0, MOST.energy),
  forecast: described('Whether its energies are those that clients forecast', yes),
};
const ONE_PROFILE = ['powerW', 'profile', 'profileFile', 'shape', 'forecast'];
const SHAPED = { shape: ['energyKWhPerDay'], energyKWhPerDay: ['shape'] };
const RANGE: Fields['optional'] = { initialRate: cents, finalRate: cents };
const RANGES: Fields['optional'] = {
  initialBuyRate: cents,
  finalBuyRate: cents,
  initialSellRate: cents,
  finalSellRate: cents,
};
const kind = (type: string): Fields['required'] => ({ type: oneOf([type]), name });

const load = object({
  required: kind('load'),
  optional: {
    external,
    ...RANGE,
    ...PROFILES,
    averagePowerW: number(0, MOST.power),
    hoursOfDay: described('The hours in which it may run', list(whole(0, 23), 1, 24)),
    hoursPerDay: described('How many of them it runs at most', positive(24)),
  },
  exactlyOne: [...ONE_PROFILE, 'averagePowerW'],
  together: { ...SHAPED, hoursOfDay: ['averagePowerW'], hoursPerDay: ['averagePowerW'] },
});
const pv = object({
  required: kind('pv'),
  optional: {
    external,
    ...RANGE,
    ...PROFILES,
    peakPowerKW: described('Of each panel', positive(MOST.energy)),
    panelCount: whole(1, MOST.panels),
  },
  exactlyOne: [...ONE_PROFILE, 'peakPowerKW'],
  together: { ...SHAPED, panelCount: ['peakPowerKW'] },
});
const storage = object({
  required: {
    ...kind('storage'),
    capacityKWh: positive(MOST.energy),
    maxPowerKW: positive(MOST.energy),
  },
  optional: {
    external,
    initialSocPercent: percent,
    minSocPercent: percent,
    maxSocPercent: percent,
    efficiencyPercent: positive(100),
    ...RANGES,
  },
});
const smartMeter = object({
  required: kind('smart-meter'),
  optional: { external, ...measured(leastOf('smart-meter')), ...RANGES },
  exactlyOne: ['powerW', 'profile', 'profileFile'],
});
const marketMaker = object({
  required: { ...kind('market-maker'), sellRate: rateByTime },
  optional: { buyRate: rateByTime },
});

const asset = kinds('type', { load, pv, storage, 'smart-meter': smartMeter, 'market-maker': marketMaker });

const nested = defined('area', () => area);
const area: Check = object({
  required: { name },
  optional: {
    external,
    gridFee: described('In the unit of the community, cents/kWh unless it says otherwise', cents),
    areas: list(nested, 0, MOST.areas),
    assets: list(asset, 0, MOST.areas),
  },
});

/** What fields a community's JSON has, and what stands in each. What they must be to each other it does not tell. */
export const communityForm: Check = object({
  required: {
    startDate: described('The first slot begins at its midnight, UTC', date),
    slots: whole(1, MOST.slots),
    slotLengthMinutes: described('A divisor of a day', whole(1, 1440)),
    tickLengthSeconds: described('At least ten in a slot', positive(86_400)),
    grid: nested,
  },
  optional: {
    $schema: text('the address of a schema', 1_000),
    updateIntervalMinutes: positive(1440),
    spotMarketType: oneOf(SPOT_MARKET_TYPES),
    gridFeeUnit: oneOf(['cents/kWh', 'percent']),
    settlementHours: described('How long after its end a slot is settled', number(0, MOST.hours)),
    futureHours: described('How far ahead slots are open for bids', number(0, MOST.hours)),
    degreesOfFreedom: described('Whether attributes and requirements of orders count', boolean),
  },
});

/** The same as a JSON Schema. */
export const communitySchema: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'A community for the embedded exchange of gsy-rx',
  ...communityForm.schema,
  definitions: { area: area.schema },
};
