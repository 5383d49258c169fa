/** So many slots of a quarter of an hour, from the one that is `first` quarters after this slot on. */
export const slotsFrom = (slot: string, first: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) =>
    new Date(Date.parse(`${slot}Z`) + (first + i) * 900_000).toISOString().slice(0, 16),
  );
