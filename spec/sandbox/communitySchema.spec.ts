import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { expect } from 'chai';
import fc from 'fast-check';
import { communityForm, communitySchema } from '../../lib/sandbox/communityForm.ts';
import { defaultCommunity } from '../../lib/sandbox/sandbox.ts';
import { recordedCommunity } from './recorded.ts';
import { sampleCommunity } from './samples.ts';

const ajv = new Ajv({ strict: false });
formats.default(ajv);
const isValid = ajv.compile(communitySchema);

const small = {
  startDate: '2026-06-21',
  slots: 2,
  slotLengthMinutes: 60,
  tickLengthSeconds: 60,
  spotMarketType: 'two-sided-pay-as-bid',
  gridFeeUnit: 'percent',
  settlementHours: 4,
  grid: {
    name: 'Grid',
    gridFee: 1,
    areas: [{ name: 'House', external: false, areas: [{ name: 'Flat' }] }],
    assets: [
      { type: 'load', name: 'A', powerW: [1, 2], initialRate: 3 },
      { type: 'load', name: 'B', averagePowerW: 100, hoursOfDay: [1, 2], hoursPerDay: 2 },
      { type: 'load', name: 'C', profile: { energyKWh: { '00:00': 1, '12:00': 2 } } },
      { type: 'pv', name: 'D', shape: 'solar', energyKWhPerDay: 3 },
      { type: 'pv', name: 'E', peakPowerKW: 5, panelCount: 2 },
      { type: 'pv', name: 'F', profileFile: 'pv.csv' },
      { type: 'pv', name: 'G', forecast: true },
      { type: 'storage', name: 'H', capacityKWh: 1, maxPowerKW: 1, minSocPercent: 5 },
      { type: 'smart-meter', name: 'I', powerW: [-1, 1] },
      { type: 'market-maker', name: 'J', sellRate: { '00:00': 30, '18:00': 40 }, buyRate: 8 },
    ],
  },
};

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place in a value, as the keys that lead there. */
const placesIn = (value: Json): readonly (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? [[], ...Object.entries(value).flatMap(([key, item]) => placesIn(item).map((place) => [key, ...place]))]
    : [[]];

/** The value with something else at a place, or without what stands there. */
const altered = (
  value: Json,
  [key, ...rest]: readonly string[],
  other: Json | undefined,
): Json | undefined => {
  if (key === undefined || typeof value !== 'object' || value === null) return other;
  const copy: Record<string, Json> = { ...(value as Record<string, Json>) };
  const changed = altered(copy[key] ?? null, rest, other);
  if (changed === undefined) Reflect.deleteProperty(copy, key);
  else copy[key] = changed;
  return Array.isArray(value) ? Object.values(copy) : copy;
};

const odd: fc.Arbitrary<Json | undefined> = fc.oneof(
  fc.constantFrom<(Json | undefined)[]>(
    undefined,
    null,
    true,
    false,
    '',
    ' ',
    'x',
    'load',
    'pv',
    'solar',
    'percent',
  ),
  fc.constantFrom<Json[]>(0, -1, 1, 0.5, 24, 101, 1440, 1e7, 1e12, [], {}, [1], [null], ['a']),
  fc.constantFrom<Json[]>(
    '2026-02-29',
    '2026-06-21',
    { '00:00': 1 },
    { '24:00': 1 },
    { '2026-06-21T00:00': -1 },
  ),
  fc.constantFrom<Json[]>(
    { powerW: { '00:00': 1 } },
    { powerW: {}, energyKWh: {} },
    'a'.repeat(201),
    '🏠'.repeat(150),
  ),
  fc.jsonValue() as fc.Arbitrary<Json>,
);
const key = fc.constantFrom(
  ...[
    'type',
    'name',
    'powerW',
    'profile',
    'profileFile',
    'shape',
    'energyKWhPerDay',
    'forecast',
    'hoursOfDay',
  ],
  ...['averagePowerW', 'hoursPerDay', 'peakPowerKW', 'panelCount', 'external', 'gridFee', 'areas', 'assets'],
  ...['sellRate', 'buyRate', 'colour', '__proto__', 'constructor', '$schema', 'degreesOfFreedom'],
);

describe('the JSON Schema of communities', () => {
  it('is the one that ships with the package', () => {
    const shipped = readFileSync(new URL('../../lib/sandbox/community.schema.json', import.meta.url), 'utf8');
    // Where this fails, spec/sandbox/writeSchema.ts writes it anew.
    expect(JSON.parse(shipped)).to.deep.equal(JSON.parse(JSON.stringify(communitySchema)));
  });

  it('knows the communities that we have', () => {
    for (const community of [
      defaultCommunity,
      sampleCommunity,
      JSON.parse(recordedCommunity()) as unknown,
      small,
    ]) {
      expect(isValid(community), JSON.stringify(isValid.errors)).to.equal(true);
      expect(communityForm(community, '$')).to.deep.equal([]);
    }
  });

  it('finds a fault wherever the parser finds one in the form, and nowhere else', () => {
    const places = placesIn(small);
    const change = fc.tuple(fc.constantFrom(...places), fc.option(key, { nil: undefined }), odd);
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const community = changes.reduce<Json | undefined>((value, [place, more, other]) => {
          const at = more === undefined ? place : [...place, more];
          return value === undefined ? undefined : altered(value, at, other);
        }, small);
        const parsed: unknown = community === undefined ? null : JSON.parse(JSON.stringify(community));
        expect(isValid(parsed), communityForm(parsed, '$').join('\n')).to.equal(
          communityForm(parsed, '$').length === 0,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
