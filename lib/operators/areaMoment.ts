import type { Area, Grid } from '../model/grid.ts';

/** What happened, as one asset or one market sees it. */
export type AreaMoment = { readonly grid: Grid } & ({ readonly asset: Area } | { readonly market: Area });

/** Whose moment it is. */
export const areaOf = (moment: AreaMoment): Area => ('asset' in moment ? moment.asset : moment.market);
