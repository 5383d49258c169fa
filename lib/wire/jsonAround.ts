import { parsedJson } from './plainJson.ts';
import { JsonObject } from './scalars.ts';

/** Stands for what was read already while all around it is parsed; no exchange writes it. */
const READ = '\u0001read';
const READ_TEXT = JSON.stringify(READ);

/**
 * The object that this text with a gap in it is, without the value of the key that stands in the gap; undefined where it
 * is none, or where another key has the gap.
 */
export const parsedAround = (before: string, key: string, after: string): JsonObject | undefined => {
  const content = parsedJson(before + READ_TEXT + after);
  return JsonObject.is(content) && content[key] === READ ? Object.assign(content, { [key]: {} }) : undefined;
};
