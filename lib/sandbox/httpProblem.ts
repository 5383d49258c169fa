import { isObject, type JsonObject } from './json.ts';

/** Why a request is refused, as the web framework wants it. */
export interface Problem extends Error {
  readonly statusCode: number;
  /** When it may be tried again, s from now. */
  readonly retryAfterS?: number;
}

/** A problem: thrown in a handler, it becomes the answer. */
export const problem = (statusCode: number, detail: string, retryAfterS?: number): Problem =>
  Object.assign(new Error(detail), { statusCode, ...(retryAfterS !== undefined && { retryAfterS }) });

/** A request's body as a JSON object; anything else is refused with 400. */
export const objectIn = (body: unknown): JsonObject => {
  if (!isObject(body)) throw problem(400, 'The body has to be a JSON object.');
  return body;
};

/** A text that a request's body has to hold; without it, the request is refused with 400. */
export const textIn = (body: unknown, key: string): string => {
  const value = objectIn(body)[key];
  if (typeof value !== 'string' || value === '') throw problem(400, `${key} has to be a text.`);
  return value;
};

/** The HTTP status that an error stands for; 500 for what nobody has foreseen. */
export const statusOf = (error: unknown): number =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500;
