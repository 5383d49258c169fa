import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openExchange, type BenchExchange } from './exchange.ts';
import { assetsOf, median, type Figure, type Measure } from './figures.ts';

const FILES = { ours: 'controlClient.js', floor: 'bareControlClient.js' } as const;

const TASKS = [
  { task: 'select', name: 'find and select' },
  { task: 'register', name: 'register' },
] as const;

/** How long a client took that has just started, connection included, ms. */
const tookMs = async (
  file: string,
  task: string,
  { url }: BenchExchange,
  assets: number,
): Promise<number> => {
  const child = fork(new URL(file, import.meta.url), [url, String(assets), task]);
  const heard: number[] = [];
  child.on('message', (ms) => {
    heard.push(Number(ms));
    child.kill();
  });
  await once(child, 'exit');
  const [ms] = heard;
  if (ms === undefined) throw new Error(`${file} failed`);
  return ms;
};

/** Assets found, selected and registered over Redis by clients that have just started; the two take turns. */
export const measure: Measure = async ({ quick }) => {
  const figures: Figure[] = [];
  for (const assets of [10, 100, 1_000]) {
    const exchange = await openExchange(assets);
    for (const { task, name } of TASKS) {
      const [ours, floor]: [number[], number[]] = [[], []];
      for (let time = 0; time < (quick ? 3 : 9); time += 1) {
        ours.push(await tookMs(FILES.ours, task, exchange, assets));
        floor.push(await tookMs(FILES.floor, task, exchange, assets));
      }
      figures.push({
        name: `${name} ${assetsOf(assets)}`,
        unit: 'ms',
        ours: median(ours),
        floor: median(floor),
        ratio: median(ours) / median(floor),
        ...(assets === 1_000 && { atMost: 250 }),
      });
    }
    await exchange.stop();
  }
  return figures;
};
