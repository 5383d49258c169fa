import {
  assetInfo,
  atRate,
  eachAsset,
  isStorage,
  oncePerSlot,
  parameter,
  parametrised,
  placeOrder,
  sizeOffer,
  type StrategyOptions,
} from 'gsy-rx';
import { merge, mergeMap } from 'rxjs';

const parameters = {
  rate: parameter.number({ byDefault: 25, unit: 'cents/kWh', min: 0, about: 'what is asked' }),
  share: parameter.number({ byDefault: 0.5, min: 0, max: 1, about: 'the share of what is there to offer' }),
  minCharge: parameter.number({
    byDefault: 0,
    min: 0,
    max: 1,
    about: 'the state of charge below which nothing is sold',
  }),
};

/**
 * Empties storages: offers once per slot a share of what each of them can give, and asks then what stands.
 *
 * It earns where the energy came in for less, as with storage-bids beside it, and somebody pays the rate and the grid
 * fees on top, such as the neighbours in the evening. The exchange fails at listing a storage's offers, so the question
 * is for the asset's energies, of which `energyActiveInOffersKWh` is what stands; the answers come on `outcome$` as
 * `asset-info`, and nothing is done about them here.
 */
const storageOffers = parametrised(
  parameters,
  ({ rate, share, minCharge }) =>
    ({ marketSlot$, tick$ }) =>
      merge(marketSlot$, tick$).pipe(
        oncePerSlot(),
        eachAsset(isStorage),
        sizeOffer({ share, minCharge }),
        atRate(rate),
        placeOrder(),
        mergeMap((offer) => [offer, assetInfo(offer.areaUuid)]),
      ),
);

export default storageOffers;

export const options: StrategyOptions = { description: 'empties storages at one rate, a share in each slot' };
