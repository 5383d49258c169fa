import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { DecodeOptions } from '../../lib/wire/decode.ts';
import type { Frame, Message } from '../../lib/wire/messages.ts';
import { failureLine } from '../../lib/wire/report.ts';
import { decode } from './decode.ts';

interface TextFrame extends Frame {
  readonly data: string;
}

/** What was sent in one recorded case, and what the exchange answered. */
export interface RecordedCase {
  readonly name: string;
  readonly sent: TextFrame | null;
  readonly received: readonly TextFrame[];
}

const fixture = (path: string): Buffer => readFileSync(new URL(`../fixtures/${path}`, import.meta.url));

const parseLines = (text: string): readonly unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

/** The cases of a file of samples. */
export const recordedCases = (file: string): readonly RecordedCase[] =>
  parseLines(fixture(`samples/${file}.jsonl`).toString()) as readonly RecordedCase[];

/** The messages of a whole recorded run, in order. */
export const recordedRun = (path: string): readonly TextFrame[] =>
  parseLines(gunzipSync(fixture(path)).toString()) as readonly TextFrame[];

/** The one answer, or the only kind of answer, of a recorded case. */
export const answerOf = (file: string, name: string): TextFrame => {
  const answer = recordedCases(file).find((recorded) => recorded.name === name)?.received[0];
  if (!answer) throw new Error(`${file} has no answer of "${name}"`);
  return answer;
};

/** The decoded message; a failure is an error that says what is wrong. */
export const decoded = <K extends Message['kind']>(
  kind: K,
  frame: Frame,
  options: DecodeOptions = { feeUnit: 'cents/kWh' },
): Extract<Message, { kind: K }> => {
  const result = decode(frame, options);
  if (isLeft(result)) throw new Error(failureLine(result.left));
  if (result.right.kind !== kind) throw new Error(`a ${result.right.kind}, not a ${kind}`);
  return result.right as Extract<Message, { kind: K }>;
};
