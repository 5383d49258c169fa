import * as t from 'io-ts';
import { isTimeZone } from './operators/marketClock.ts';
import { areFeesByTime, readFeesByTime, type FeesByTime } from './wire/feesByTime.ts';
import { areFeeThresholds, readFeeThresholds, type FeeThresholds } from './wire/feeThresholds.ts';
import { areEnergiesBySlot, readEnergiesBySlot, type EnergiesBySlot } from './wire/energiesBySlot.ts';
import { areRequirements, readRequirements, type RequirementsByAsset } from './wire/requirements.ts';

/** One thing that can be set in a strategy. */
export interface Parameter<A> {
  /** Checks a value, and reads it from the text of a command line. */
  readonly codec: t.Decoder<unknown, A>;
  /** Undefined where it has to be given. */
  readonly byDefault: A | undefined;
  /** What it means, with its unit. */
  readonly about: string;
  /** Whether the text of a command line names a file whose content is read in its place. */
  readonly isFile: boolean;
}

interface About<A> {
  /** What it means, in a few words. */
  readonly about: string;
  /** Without one it has to be given. */
  readonly byDefault?: A;
}

/** What is said of a number. */
export interface NumberAbout extends About<number> {
  /** `kWh`, `cents/kWh`, `%` …; nothing for a plain number. */
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  /** Whether it has to be a whole number. */
  readonly whole?: boolean;
}

/**
 * A number within bounds.
 * @example parameter.number({ byDefault: 20, unit: 'cents/kWh', min: 0, about: 'what sellers ask' })
 */
const number = ({
  unit,
  min = -1e100,
  max = 1e100,
  whole = false,
  ...about
}: NumberAbout): Parameter<number> => {
  const is = (u: unknown): u is number =>
    typeof u === 'number' && u >= min && u <= max && (!whole || Number.isInteger(u));
  return described(
    readBy(`${whole ? 'a whole number' : 'a number'}${boundsOf(min, max)}`, is, (text) =>
      text.trim() === '' ? NaN : Number(text),
    ),
    unit === undefined ? about : { ...about, about: `${about.about}, ${unit}` },
  );
};

const boundsOf = (min: number, max: number): string => {
  if (min > -1e100 && max < 1e100) return ` from ${min} to ${max}`;
  if (min > -1e100) return ` of at least ${min}`;
  return max < 1e100 ? ` of at most ${max}` : '';
};

/**
 * A text, such as the name of a market.
 * @example parameter.text({ about: 'the market whose fees are set' })
 */
const text = (about: About<string>): Parameter<string> =>
  described(readBy('a text', t.string.is, String), about);

/**
 * One of a few texts.
 * @example parameter.choice(['PV', 'Grid'], { byDefault: 'PV', about: 'whose energy is bought' })
 */
const choice = <A extends string>(choices: readonly A[], about: About<A>): Parameter<A> =>
  described(
    readBy(
      `one of ${choices.join(', ')}`,
      (u): u is A => choices.some((known) => known === u),
      (word) => word,
    ),
    about,
  );

/**
 * Names separated by commas, none among them empty.
 * @example parameter.names({ byDefault: [], about: 'the markets whose fees are set' })
 */
const names = (about: About<readonly string[]>): Parameter<readonly string[]> =>
  described(
    readBy(
      'names separated by commas',
      (u): u is readonly string[] =>
        Array.isArray(u) && u.every((name) => typeof name === 'string' && name !== ''),
      (list) => list.split(',').map((name) => name.trim()),
    ),
    about,
  );

/**
 * A time zone, by its IANA name.
 * @example parameter.zone({ byDefault: 'UTC', about: 'of the market' })
 */
const zone = (about: About<string>): Parameter<string> =>
  described(readBy('a time zone such as Europe/Berlin', isTimeZone, String), about);

/**
 * What a file says; the command line names the file.
 *
 * @param read gives the content, or throws an `Error` that says what is wrong with the file and where
 * @param is tells a content that code gives
 * @example parameter.file({ about: 'fees by time, CSV' }, readFees, isFees)
 */
const file = <A>(about: About<A>, read: (content: string) => A, is: t.Is<A>): Parameter<A> => ({
  ...described(
    new t.Type(
      'the content of a file',
      is,
      (u, context) => {
        if (is(u)) return t.success(u);
        if (typeof u !== 'string') return t.failure(u, context);
        try {
          return t.success(read(u));
        } catch (error) {
          if (error instanceof Error) return t.failure(u, context, error.message);
          throw error;
        }
      },
      t.identity,
    ),
    about,
  ),
  isFile: true,
});

/**
 * With whom and how assets trade, by their names, as a JSON file says it:
 * `{"Load": [{"tradingPartners": ["PV"], "energyTypes": ["PV"], "energyKWh": 0.5, "rate": 20}]}`.
 *
 * Partners are names too; make uuids of them with `grid.area` before they go into an order.
 * @example parameter.requirements({ about: 'requirements by asset, JSON' })
 */
const requirements = (about: About<RequirementsByAsset>): Parameter<RequirementsByAsset> =>
  file(about, readRequirements, areRequirements);

/**
 * Grid fees through the day, as a CSV file has them: columns parted by `;`, the first the time of the day, `HH:mm` or
 * `HH:mm:ss` at equal distances, each further one the fees of the market that its heading names.
 *
 * A time that is missing is an error at once, with line and column, and not an empty fee when it has come.
 * @example parameter.feesByTime({ about: 'fees by time and market, CSV' })
 */
const feesByTime = (about: About<FeesByTime>): Parameter<FeesByTime> =>
  file(about, readFeesByTime, areFeesByTime);

/**
 * Grid fees by how much markets trade, as a JSON file has them, thresholds rising:
 * `{"Home 1": [{"threshold": 1, "fee": 0.5}, {"threshold": 3, "fee": 4}]}`.
 * @example parameter.feeThresholds({ about: 'fees by mean import, JSON' })
 */
const feeThresholds = (about: About<FeeThresholds>): Parameter<FeeThresholds> =>
  file(about, readFeeThresholds, areFeeThresholds);

/**
 * Forecasts and measurements of assets, as a CSV file has them, a line for each asset and slot:
 * `asset;slot;forecastKWh;measuredKWh`. A slot is `YYYY-MM-DDTHH:mm`, or `HH:mm` for every day, UTC.
 * @example parameter.energiesBySlot({ about: 'energies by asset and slot, CSV' })
 */
const energiesBySlot = (about: About<EnergiesBySlot>): Parameter<EnergiesBySlot> =>
  file(about, readEnergiesBySlot, areEnergiesBySlot);

/** What parameters can be: each says what it means, its unit, its bounds and its default. */
export const parameter = {
  number,
  text,
  choice,
  names,
  zone,
  file,
  requirements,
  feesByTime,
  feeThresholds,
  energiesBySlot,
} as const;

const described = <A>(codec: t.Decoder<unknown, A>, { about, byDefault }: About<A>): Parameter<A> => ({
  codec,
  byDefault,
  about,
  isFile: false,
});

/** Takes a value as it is, and a text for what it says. */
const readBy = <A>(name: string, is: t.Is<A>, parse: (text: string) => unknown): t.Decoder<unknown, A> =>
  new t.Type<A, A>(
    name,
    is,
    (u, context) => {
      const value = is(u) || typeof u !== 'string' ? u : parse(u);
      return is(value) ? t.success(value) : t.failure(u, context);
    },
    t.identity,
  );
