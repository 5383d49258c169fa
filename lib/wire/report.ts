import type * as t from 'io-ts';
import type { DecodeFailure } from '../model/failures.ts';
import { JsonObject } from './scalars.ts';

const MOST_CHARACTERS = 200;
const MOST_OF_A_TEXT = 60;
const MOST_ENTRIES = 5;
const DEPTH = 2;
const ENDS_OF_PATH = 5;

/**
 * What io-ts found, as one failure: the place, what was expected, and a little of what stood there.
 *
 * Only the first error is told. It costs the same for a huge message as for a small one and keeps nothing of it;
 * control characters are written as escapes, so that each field is one line.
 */
export const reportErrors = (channel: string, errors: t.Errors): DecodeFailure => {
  const [error] = errors;
  const context = error?.context ?? [];
  const expected = error?.message ?? context.at(-1)?.type.name ?? 'something else';
  return reportFailure(channel, expected, error?.value, pathOf(context));
};

/** A failure at a place of the message, `$` for all of it. */
export const reportFailure = (
  channel: string,
  expected: string,
  actual: unknown,
  at = '$',
): DecodeFailure => ({
  kind: 'decode-failure',
  channel,
  at,
  expected,
  sample: sampleOf(actual),
});

/** The failure in one line, for a log or a terminal. */
export const failureLine = (failure: DecodeFailure): string =>
  `${quote(failure.channel)} ${troubleOf(failure)}`;

/** What io-ts found, in one line. */
export const errorsLine = (errors: t.Errors): string => troubleOf(reportErrors('', errors));

const troubleOf = ({ at, expected, sample }: DecodeFailure): string =>
  `${at}: expected ${expected}, got ${sample}`;

/** Whatever it is, in at most 200 characters of one line. */
export const sampleOf = (value: unknown): string => {
  const shown = typeof value === 'string' ? quote(value, MOST_CHARACTERS) : preview(value, DEPTH);
  return shorten(shown, MOST_CHARACTERS);
};

/** A text of others for people, in one line of at most 200 characters. */
export const lineOf = (text: string): string =>
  shorten(text, MOST_CHARACTERS).replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ');

/**
 * A text that quotes others, for a terminal: in place of what would steer it stand blanks. These are control characters,
 * with which escape sequences begin, and marks that turn the direction of reading; ends of lines stay.
 */
export const printable = (text: string): string => text.replaceAll(/[^\P{Cc}\n]|\p{Bidi_Control}/gu, ' ');

const preview = (value: unknown, depth: number): string => {
  if (value === undefined) return 'nothing';
  if (value instanceof Uint8Array)
    return `bytes ${Buffer.from(value.subarray(0, MOST_OF_A_TEXT)).toString('hex')}`;
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${few(value, depth, (entry) => preview(entry, depth - 1))}]`;
  if (typeof value === 'number') return String(value);
  if (!JsonObject.is(value)) return JSON.stringify(value);
  return `{${few(Object.keys(value), depth, (key) => `${quote(key)}: ${preview(value[key], depth - 1)}`)}}`;
};

const few = <A>(entries: readonly A[], depth: number, show: (entry: A) => string): string => {
  if (depth === 0) return '…';
  const shown = entries.slice(0, MOST_ENTRIES).map(show);
  return (entries.length > MOST_ENTRIES ? [...shown, '…'] : shown).join(', ');
};

// Line separators, marks that turn the direction of reading, and the control characters that JSON leaves as they are.
const UNPRINTABLE = /[\u007f-\u009f\p{Bidi_Control}\u2028\u2029]/gu;

/** JSON for a terminal: what would steer it is written as escapes. */
export const printableJson = (json: string): string =>
  json.replaceAll(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const quote = (text: string, most = MOST_OF_A_TEXT): string =>
  printableJson(JSON.stringify(shorten(text, most)));

const shorten = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

/** `$.grid_tree["…uuid…"].children[0]`; of a very long way only the two ends. */
const pathOf = (context: t.Context): string => {
  const steps = context.slice(1).map(({ key }, i) => stepOf(key, Array.isArray(context[i]?.actual)));
  if (steps.length <= 2 * ENDS_OF_PATH) return `$${steps.join('')}`;
  return `$${steps.slice(0, ENDS_OF_PATH).join('')}…${steps.slice(-ENDS_OF_PATH).join('')}`;
};

const stepOf = (key: string, inArray: boolean): string => {
  if (inArray) return `[${key}]`;
  return /^[A-Za-z_]\w{0,39}$/.test(key) ? `.${key}` : `[${quote(key)}]`;
};
