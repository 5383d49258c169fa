import { playCutDay, redisPlace, restPlace, type OpenPlace } from '../cutDay.ts';
import { quantile, type Figure, type Measure } from './figures.ts';

/** A websocket that does not last for a second is given ever longer pauses; that is not measured here. */
const WAYS: Readonly<Record<string, { readonly place: OpenPlace; readonly pauseMs: number }>> = {
  Redis: { place: redisPlace, pauseMs: 250 },
  REST: { place: restPlace, pauseMs: 1_050 },
};
const CLIENTS = 10;

/** From the cut of a connection to the next market event that is heard, on loopback, with ten clients at a time. */
export const measure: Measure = async ({ quick }) => {
  const figures: Figure[] = [];
  for (const [way, { place, pauseMs }] of Object.entries(WAYS)) {
    const cuts = { clients: CLIENTS, each: quick ? 3 : 10, seed: 1 };
    const { clients } = await playCutDay(place, { ...cuts, pauseMs: (random) => pauseMs + 250 * random });
    const times = clients.flatMap(({ recoveriesMs }) => recoveriesMs);
    const name = `recovery over ${way} after ${times.length} cuts`;
    figures.push(
      { name: `${name}: median`, unit: 'ms', ours: quantile(times, 0.5), volatile: true },
      { name: `${name}: p95`, unit: 'ms', ours: quantile(times, 0.95), atMost: 2_000, volatile: true },
      { name: `${name}: longest`, unit: 'ms', ours: Math.max(...times), volatile: true },
    );
  }
  return figures;
};
