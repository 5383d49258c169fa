import { connectAreas, redisTransport, run } from 'gsy-rx';
import { firstValueFrom, forkJoin, NEVER } from 'rxjs';
import { settings } from './duties.ts';
import { assetNames } from './events.ts';

// A client that takes control of assets once, and says how long that took.

const { url, assets } = settings();

const select = async (): Promise<void> => {
  const { control$ } = run({
    transport: redisTransport({ url }),
    strategy: () => NEVER,
    aggregator: 'bench',
  });
  const areas = await firstValueFrom(control$);
  if (areas.filter(({ status }) => status === 'held').length !== assets) throw new Error('not all are held');
};

const register = async (): Promise<void> => {
  const areas = connectAreas({ transport: redisTransport({ url }) });
  const names = [...assetNames(assets).values()];
  const registered = await firstValueFrom(forkJoin(names.map((name) => areas.asset(name).register())));
  if (registered.some(({ status }) => status !== 'registered')) throw new Error('not all are registered');
};

const sinceMs = performance.now();
await (process.argv[4] === 'register' ? register : select)();
process.send?.(performance.now() - sinceMs);
