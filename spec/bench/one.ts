import { BENCHES } from './benches.ts';

// One benchmark, in a process of its own: `main.ts` starts it and hears its figures.
process.once('disconnect', () => process.exit(1));
const [name = '', effort, beside] = process.argv.slice(2);
const loaded = await BENCHES[name]?.();
// What it has left open ends with it.
process.send?.(await loaded?.measure({ quick: effort === 'quick', beside }), () => process.exit());
