/** What a client's process has used so far. */
export interface Usage {
  readonly cpuMs: number;
  /** The most memory it ever had. */
  readonly peakMB: number;
}

/** What the process of a client tells the one that measures it. */
export type Told =
  { readonly kind: 'ready'; readonly aggregatorUuid: string } | ({ readonly kind: 'usage' } & Usage);

/** How a client's process is told what to do: where the exchange is and how many assets there are. */
export const settings = (): { readonly url: string; readonly assets: number } => {
  const [url = '', assets] = process.argv.slice(2);
  return { url, assets: Number(assets) };
};

const tell = (told: Told) => process.send?.(told);

/** Says that the client trades from now on. */
export const ready = (aggregatorUuid: string): void => void tell({ kind: 'ready', aggregatorUuid });

/** Counts the events that are over, replies included; once they are as many as is asked for, tells the usage. */
export const countEvents = (): (() => void) => {
  let over = 0;
  let wanted: number | undefined;
  const answer = () => {
    if (wanted === undefined || over < wanted) return;
    wanted = undefined;
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    tell({ kind: 'usage', cpuMs: (userCPUTime + systemCPUTime) / 1_000, peakMB: maxRSS / 1_024 });
  };
  process.on('message', (events) => {
    wanted = Number(events);
    answer();
  });
  process.on('disconnect', () => process.exit());
  return () => {
    over += 1;
    answer();
  };
};
