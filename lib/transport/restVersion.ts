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

const numbersOf = (version: string): readonly number[] => (version.match(/\d+/g) ?? []).map(Number);
