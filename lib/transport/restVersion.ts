import { lineOf } from '../wire/report.ts';

/**
 * Compares two versions number by number: below zero when `one` is the older, so that 1.9.0 comes before 1.10.0. What
 * is missing counts as 0; whatever is no number only separates.
 *
 * @example
 * compareVersions('1.9.0', '1.10.0') < 0; // true
 */
export const compareVersions = (one: string, other: string): number => {
  const [ours, theirs] = [numbersOf(one), numbersOf(other)];
  const length = Math.max(ours.length, theirs.length);
  const differences = Array.from({ length }, (_, i) => (ours[i] ?? 0) - (theirs[i] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
};

/** The version of the hosted exchange's interface that this library was made for; servers name theirs in `API-VERSION`. */
export const API_VERSION = '1.3.0';

/**
 * What to tell people when a server is newer than this library; undefined when it is not.
 *
 * @example
 * const warning$ = session.apiVersion$.pipe(map(versionWarning));
 */
export const versionWarning = (serverVersion: string): string | undefined =>
  compareVersions(serverVersion, API_VERSION) > 0
    ? `The server speaks version ${lineOf(serverVersion)} of its interface, and this client was made for ${API_VERSION}: look for an update of gsy-rx.`
    : undefined;

const numbersOf = (version: string): readonly number[] => (version.match(/\d+/g) ?? []).map(Number);
