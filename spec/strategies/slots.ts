import type { Grid } from 'gsy-rx';
import { aFirstSlot, aSlot, aTick } from 'gsy-rx/testing';

const at = (grid: Grid, time: string) => ({ grid, slot: `2026-06-21T${time}` });

/** Two slots with their ticks, `s` `t` and `S` `T`, and before them a run's first slot, `f`, of which nothing is told. */
export const twoSlots = (grid: Grid) => ({
  f: aFirstSlot(),
  s: aSlot(at(grid, '12:00')),
  t: aTick(at(grid, '12:00')),
  S: aSlot(at(grid, '12:15')),
  T: aTick(at(grid, '12:15')),
});

/** The slots `a`, a run's first one, `b` at 12:15 with its tick `t`, and `c` at 12:30. */
export const threeSlots = (grid: Grid) => ({
  a: aFirstSlot(),
  b: aSlot(at(grid, '12:15')),
  t: aTick(at(grid, '12:15')),
  c: aSlot(at(grid, '12:30')),
});
