import { setTimeout as sleep } from 'node:timers/promises';
import { OURS, startClient } from './client.ts';
import { openExchange } from './exchange.ts';
import { assetsOf, type Measure } from './figures.ts';

const ASSETS = 1_000;

/** What a client uses that holds many assets and hears nothing but heartbeats. */
export const measure: Measure = async ({ quick }) => {
  const exchange = await openExchange(ASSETS);
  const client = await startClient(OURS, exchange, ASSETS);
  // What the start has left to do.
  await sleep(2_000);
  const before = await client.usageAfter(0);
  // A whole number of the turns in which the exchange is probed.
  const sinceMs = performance.now();
  await sleep(quick ? 10_000 : 30_000);
  const after = await client.usageAfter(0);
  const share = (after.cpuMs - before.cpuMs) / (performance.now() - sinceMs);
  client.stop();
  await exchange.stop();
  return [{ name: `idle, ${assetsOf(ASSETS)}`, unit: '% of a core', ours: share * 100, atMost: 1 }];
};
