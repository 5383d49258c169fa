import { sampleOf } from '../wire/report.ts';
import { meaningOf } from './restTrouble.ts';

/** What became of a request: an answer, whatever its status, or none. */
export type RestAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  /** The server may have acted on it, if it `mayBeHeard`, or not. */
  | { readonly kind: 'unanswered'; readonly mayBeHeard: boolean; readonly reason: string };

/** The body of an answer to what the server did as asked; undefined for every other answer, and for none. */
export const successOf = (answer: RestAnswer): string | undefined =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300 ? answer.body : undefined;

/** The status of an answer, as errors bear it. */
export const statusOf = (answer: RestAnswer): { readonly status?: number } =>
  answer.kind === 'answered' ? { status: answer.status } : {};

/** Takes the secrets out of a text. */
export type Redact = (text: string) => string;

/** Why a request failed, in one line, with at most 200 characters of the answer and nothing secret. */
export const failureOf = (answer: RestAnswer, redact: Redact): string => {
  if (answer.kind === 'unanswered') return redact(answer.reason);
  const meaning = meaningOf(answer.status);
  const told = `the server answered with status ${answer.status}${meaning === undefined ? '' : ` (${meaning})`}`;
  return answer.body === '' ? told : `${told}: ${sampleOf(redact(answer.body))}`;
};
