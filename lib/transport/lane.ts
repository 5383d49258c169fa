/** Runs jobs in the order in which they were given, so many at a time; each resolves or rejects as its job does. */
export type Lane = <T>(job: () => Promise<T>) => Promise<T>;

/** A lane with room for this many jobs beside each other; with room for one, they run one after the other. */
export const lane = (room: number): Lane => {
  const waiting: (() => void)[] = [];
  let free = room;
  const leave = () => {
    const first = waiting.shift();
    // Whoever waits gets the place itself, so that nobody comes in between.
    if (first === undefined) free += 1;
    else first();
  };
  return async (job) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await job();
    } finally {
      leave();
    }
  };
};
