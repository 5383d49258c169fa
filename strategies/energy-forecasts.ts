import {
  eachAsset,
  named,
  oncePerSlot,
  parameter,
  parametrised,
  setEnergyForecast,
  setEnergyMeasurement,
  withNextSlot,
  type StrategyOptions,
} from 'gsy-rx';
import { map, merge, mergeMap, pairwise } from 'rxjs';

const parameters = {
  energies: parameter.energiesBySlot({
    about: 'energies by asset and slot, CSV with the columns asset;slot;forecastKWh;measuredKWh',
  }),
};

/**
 * Tells the exchange what assets will need or produce, one slot ahead, and what they did, once their slot is over; both
 * out of a file.
 *
 * In the file a slot is `2026-06-21T12:00`, or `12:00` for every day; the first wins where both are there. An empty
 * figure is not told. Assets that live on forecasts trade what was forecast, and settle the difference to what was
 * measured. It places no orders: let it stand beside a strategy that does. A name that the grid does not have ends it
 * with a failure; where an asset does not live on forecasts the exchange rejects them.
 */
const energyForecasts = parametrised(parameters, ({ energies }) => ({ marketSlot$, tick$ }) => {
  const slot$ = merge(marketSlot$, tick$).pipe(oncePerSlot());
  const next$ = slot$.pipe(
    withNextSlot(),
    map((moment) => ({ ...moment, told: moment.nextSlot, figure: 'forecastKWh' as const })),
  );
  const last$ = slot$.pipe(
    pairwise(),
    map(([{ slot }, moment]) => ({ ...moment, told: slot, figure: 'measuredKWh' as const })),
  );
  return merge(next$, last$).pipe(
    eachAsset(),
    named(...energies.keys()),
    mergeMap(({ asset: { name, uuid }, told, figure }) => {
      const ofAsset = energies.get(name) ?? energies.get(uuid);
      const energy = ofAsset?.get(told) ?? ofAsset?.get(told.slice('YYYY-MM-DDT'.length));
      const kWh = energy?.[figure];
      const tell = figure === 'forecastKWh' ? setEnergyForecast : setEnergyMeasurement;
      return kWh === undefined ? [] : [tell(uuid, { [told]: kWh })];
    }),
  );
});

export default energyForecasts;

export const options: StrategyOptions = {
  description: 'tells what assets will do and have done, out of a file',
};
