import type { Area } from '../model/grid.ts';

/** The sides on which an area can have orders of the running slot; both as long as no event has told what it is. */
export const orderSidesOf = (area: Area | undefined): readonly ('bid' | 'offer')[] => {
  switch (area?.kind) {
    case 'load':
      return ['bid'];
    case 'pv':
      return ['offer'];
    case 'market':
    case 'foreign':
      return [];
    default:
      return ['bid', 'offer'];
  }
};
