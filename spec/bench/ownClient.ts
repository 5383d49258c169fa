import { aggregatorUuidOf, redisTransport, run } from 'gsy-rx';
import basic from '../../strategies/basic.ts';
import { countEvents, ready, settings } from './duties.ts';
import { commandsPerEvent } from './events.ts';

// The client that is measured: the library with the basic strategy, in a process of its own.

const { url, assets } = settings();
// Two of them may stand beside each other.
const aggregator = `bench ${process.pid}`;
const eventOver = countEvents();
const commands = commandsPerEvent(assets);
let outcomes = 0;

const { control$, outcome$, failure$, done } = run({
  transport: redisTransport({ url }),
  strategy: basic,
  aggregator,
});
control$.subscribe((areas) => {
  const refused = areas.find(({ status }) => status === 'refused');
  if (refused !== undefined) throw new Error(JSON.stringify(refused));
  ready(aggregatorUuidOf(aggregator));
});
failure$.subscribe((failure) => {
  throw new Error(JSON.stringify(failure));
});
outcome$.subscribe((outcome) => {
  if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
  outcomes += 1;
  if (outcomes % commands === 0) eventOver();
});
const end = await done;
throw new Error(`the run ended: ${JSON.stringify(end)}`);
