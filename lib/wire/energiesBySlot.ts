import { readCsv, readDecimal, type CsvRow } from './csv.ts';

/** What an asset will need or produce in a slot, and what it did. */
export interface ToldEnergy {
  readonly forecastKWh?: number;
  readonly measuredKWh?: number;
}

/** By asset, its name or uuid, and by slot: `YYYY-MM-DDTHH:mm`, or `HH:mm` for every day, UTC. */
export type EnergiesBySlot = ReadonlyMap<string, ReadonlyMap<string, ToldEnergy>>;

/** Whether these are such energies. */
export const areEnergiesBySlot = (u: unknown): u is EnergiesBySlot =>
  u instanceof Map && [...u.values()].every((slots) => slots instanceof Map);

const COLUMNS = 'asset;slot;forecastKWh;measuredKWh';
const SLOT = /^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T)?([01]\d|2[0-3]):[0-5]\d$/;

/**
 * Energies as a CSV file has them, a line for each asset and slot: `asset;slot;forecastKWh;measuredKWh`, decimals with a
 * comma or a point; an empty figure is not told.
 * @throws Error that names the line of the first thing that is wrong
 */
export const readEnergiesBySlot = (csv: string): EnergiesBySlot => {
  const [header, ...rows] = readCsv(csv);
  if (header?.record.join(';') !== COLUMNS) throw new Error(`line 1 must be ${COLUMNS}`);
  const energies = new Map<string, Map<string, ToldEnergy>>();
  for (const row of rows) {
    const [asset, slot] = placeOf(row);
    const ofAsset = energies.get(asset) ?? new Map<string, ToldEnergy>();
    if (ofAsset.has(slot)) throw new Error(`line ${row.info.lines}: ${asset} has ${slot} twice`);
    energies.set(asset, ofAsset.set(slot, energyOf(row)));
  }
  return energies;
};

const placeOf = ({ record: [asset = '', slot = ''], info: { lines } }: CsvRow): readonly [string, string] => {
  if (asset === '') throw new Error(`line ${lines}: the asset has no name`);
  if (!SLOT.test(slot)) throw new Error(`line ${lines}: "${slot}" is no slot like 2026-06-21T12:00 or 12:00`);
  return [asset, slot];
};

const energyOf = ({ record: [, , forecast = '', measured = ''], info: { lines } }: CsvRow): ToldEnergy => {
  const kWh = (text: string): number => {
    const energy = readDecimal(text);
    if (energy === undefined) throw new Error(`line ${lines}: "${text}" is no energy in kWh`);
    return energy;
  };
  return {
    ...(forecast !== '' && { forecastKWh: kWh(forecast) }),
    ...(measured !== '' && { measuredKWh: kWh(measured) }),
  };
};
