import {
  eachAsset,
  isLoad,
  isPv,
  oncePerSlot,
  parameter,
  parametrised,
  setEnergyForecast,
  withNextSlot,
  type OwnedAsset,
  type StrategyOptions,
} from 'gsy-rx';
import { map, merge } from 'rxjs';

const parameters = {
  loadKWh: parameter.number({ byDefault: 1.2, unit: 'kWh', min: 0, about: 'what each load will need' }),
  pvKWh: parameter.number({ byDefault: 0.86, unit: 'kWh', min: 0, about: 'what each PV will produce' }),
};

/**
 * Keeps a canary network alive: tells the exchange in each slot what every load and PV will need and produce in the next.
 *
 * In such a network assets have no energy but what was forecast, so without this nothing can be traded. The forecast is
 * the same for all slots; where you have one for each asset and slot, energy-forecasts takes it from a file. It places
 * no orders: let it stand beside a strategy that does. Which assets live on forecasts no message tells; for others the
 * forecast is rejected and changes nothing. The first forecast is for the third slot that is seen.
 */
const canaryLiveData = parametrised(
  parameters,
  ({ loadKWh, pvKWh }) =>
    ({ marketSlot$, tick$ }) =>
      merge(marketSlot$, tick$).pipe(
        oncePerSlot(),
        withNextSlot(),
        eachAsset(isForecastable),
        map(({ asset, nextSlot }) =>
          setEnergyForecast(asset.uuid, { [nextSlot]: isLoad(asset) ? loadKWh : pvKWh }),
        ),
      ),
);

export default canaryLiveData;

export const options: StrategyOptions = {
  description: 'forecasts the next slot of every load and PV, for canary networks',
};

const isForecastable = (asset: OwnedAsset) => isLoad(asset) || isPv(asset);
