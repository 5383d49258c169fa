import { readCsv, readDecimal, type CsvRow } from './csv.ts';

/** The fees of markets, by their names or uuids, from a time of the day on until the next one in the list. */
export interface FeesFrom {
  /** `HH:mm` on the market's wall clock. */
  readonly time: string;
  readonly fees: ReadonlyMap<string, number>;
}

/** Fees through the day, times rising from 00:00. */
export type FeesByTime = readonly FeesFrom[];

/** Whether these are such fees. */
export const areFeesByTime = (u: unknown): u is FeesByTime =>
  Array.isArray(u) &&
  u.every((row: Partial<FeesFrom> | null) => typeof row?.time === 'string' && row.fees instanceof Map);

/**
 * Fees as a CSV file has them: columns parted by `;`, the first the time of the day, `HH:mm` or `HH:mm:ss`, each further
 * one the fees of the market that its heading names, decimals with a comma or a point.
 *
 * The times stand at equal distances, whichever, and fill the day.
 * @throws Error that names line and column of the first thing that is wrong, as a time that is missing
 */
export const readFeesByTime = (csv: string): FeesByTime => {
  const [header, ...rows] = readCsv(csv);
  const markets = header?.record.slice(1) ?? [];
  if (markets.length === 0 || markets.includes('') || new Set(markets).size < markets.length)
    throw new Error('line 1: each column after the first needs the name of a market, another one each');
  requireWholeDay(rows);
  return rows.map(({ record: [time = '', ...fees], info: { lines } }) => ({
    time: time.slice(0, 'HH:mm'.length),
    fees: new Map(
      markets.map((market, i) => [
        market,
        feeOf(fees[i] ?? '', `line ${lines}, column ${i + 2} (${market})`),
      ]),
    ),
  }));
};

const DAY = 24 * 60;
const END = 'the end of the file';

/** A time that is missing would be found only when it has come. */
const requireWholeDay = (rows: readonly CsvRow[]): void => {
  const minutes = [...rows.map(minuteOf), DAY];
  const gaps = minutes.slice(1).map((minute, i) => minute - (minutes[i] ?? 0));
  const step = Math.min(DAY, ...gaps.filter((gap) => gap > 0));
  const wrong = minutes.findIndex((minute, i) => minute !== i * step);
  if (wrong === -1) return;
  const line = rows[wrong]?.info.lines ?? (rows.at(-1)?.info.lines ?? 1) + 1;
  const found = rows[wrong]?.record[0] ?? END;
  const expected = wrong * step < DAY ? clock(wrong * step) : END;
  throw new Error(`line ${line}, column 1: expected ${expected}, found ${found}`);
};

const minuteOf = ({ record: [time = ''], info: { lines } }: CsvRow): number => {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)(?::00)?$/.exec(time) ?? [];
  if (minutes === undefined)
    throw new Error(`line ${lines}, column 1: "${time}" is no time HH:mm or HH:mm:ss`);
  return Number(hours) * 60 + Number(minutes);
};

const clock = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');

const feeOf = (text: string, at: string): number => {
  const fee = readDecimal(text);
  if (fee === undefined) throw new Error(`${at}: "${text}" is no fee`);
  return fee;
};
