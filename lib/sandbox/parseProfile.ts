import { parse, type CsvError } from 'csv-parse/sync';
import { messageOf } from '../errors.ts';
import { when, type Mistakes } from './checks.ts';
import { timedProfile } from './communityForm.ts';
import { parseJson } from './json.ts';
import { timeOf, type TimedProfile } from './profile.ts';
import { orderMistakes } from './timeSense.ts';

/** A profile, or what is wrong with its text, one line each. */
export type ParsedProfile = { readonly profile: TimedProfile } | { readonly mistakes: Mistakes };

/**
 * A profile from the text of a file: JSON as in a community's `profile`, or CSV with a column of times and one of powers
 * in W or energies in kWh. The heading of the second column tells which; without a heading it is powers. Columns are
 * parted by `;` or `,`, decimals by a point or a comma. Whether the times in JSON rise is left to `timedSense`.
 */
export const parseProfile = (text: string, least: number): ParsedProfile => {
  if (!/^[\s\uFEFF]*\{/.test(text)) return parseCsv(text, least);
  const value = parseJson(text.replace(/^\uFEFF/, ''));
  if (value === undefined) return { mistakes: ['this is no JSON'] };
  const mistakes = timedProfile(least)(value, '$');
  if (mistakes.length > 0) return { mistakes };
  return { profile: value as TimedProfile };
};

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Mistakes are often the same in every line. */
const MOST_MISTAKES = 20;

const parseCsv = (text: string, least: number): ParsedProfile => {
  let rows: readonly Row[];
  try {
    rows = parse(text, {
      delimiter: /^[^\n]*;/.test(text) ? ';' : ',',
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      info: true,
    }) as unknown as readonly Row[];
  } catch (error) {
    return { mistakes: [`line ${(error as CsvError & { lines?: number }).lines ?? 1}: ${messageOf(error)}`] };
  }
  const heading = timeOf(timeText(rows[0])) === undefined ? rows[0]?.record[1] : undefined;
  const unit = unitOf(heading);
  if (unit === undefined)
    return {
      mistakes: [`line 1: expected W or kWh in the heading of the second column, found "${heading ?? ''}"`],
    };
  const body = heading === undefined ? rows : rows.slice(1);
  const values = body.map((row) => valueOf(row));
  const mistakes = [
    ...when(body.length === 0, 'line 1', 'there are no rows'),
    ...body.flatMap((row, index) => rowMistakes(row, values[index] ?? NaN, least, unit)),
  ];
  const placed = body.map((row) => ({ time: timeText(row), at: lineOf(row) }));
  const wrong = mistakes.length > 0 ? mistakes : orderMistakes(placed);
  if (wrong.length > 0) return { mistakes: shortened(wrong) };
  const byTime = Object.fromEntries(placed.map(({ time }, index) => [time, values[index] ?? NaN]));
  return { profile: unit === 'kWh' ? { energyKWh: byTime } : { powerW: byTime } };
};

const shortened = (mistakes: Mistakes): Mistakes =>
  mistakes.length <= MOST_MISTAKES
    ? mistakes
    : [...mistakes.slice(0, MOST_MISTAKES), `… and ${mistakes.length - MOST_MISTAKES} more`];

const unitOf = (heading: string | undefined): 'W' | 'kWh' | undefined => {
  if (heading === undefined || /(^|[^a-z])w($|[^a-z])/i.test(heading)) return 'W';
  return /(^|[^a-z])kwh($|[^a-z])/i.test(heading) ? 'kWh' : undefined;
};

const lineOf = ({ info }: Row): string => `line ${info.lines}`;
/** The time in a row, with the `T` that a blank may stand for. */
const timeText = (row: Row | undefined): string => (row?.record[0] ?? '').replace(' ', 'T');
const valueOf = ({ record: [, text = ''] }: Row): number =>
  /^-?\d+([.,]\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text.replace(',', '.')) : NaN;

const rowMistakes = (row: Row, value: number, least: number, unit: string): Mistakes => {
  const { record } = row;
  const at = lineOf(row);
  if (record.length !== 2) return [`${at}: expected 2 columns, found ${record.length}`];
  return [
    ...when(
      timeOf(timeText(row)) === undefined,
      at,
      `expected a time HH:mm or YYYY-MM-DDTHH:mm, found "${record[0] ?? ''}"`,
    ),
    ...when(
      Number.isNaN(value) || value < least,
      at,
      `expected a number of ${unit}${least < 0 ? '' : ' from 0'}, found "${record[1] ?? ''}"`,
    ),
  ];
};
