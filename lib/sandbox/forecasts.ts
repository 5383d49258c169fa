import type { AssetArea } from './areas.ts';
import { isObject, pythonLiteral, type JsonObject } from './json.ts';
import { slotNamed, type CommandContext } from './orders.ts';

/** The commands that tell an asset its energies, and the key under which each carries them. */
const CARRIED_UNDER: ReadonlyMap<unknown, string> = new Map([
  ['set_energy_forecast', 'energy_forecast'],
  ['set_energy_measurement', 'energy_measurement'],
]);

/**
 * Tells an asset what it will need or produce, or what it did; undefined when the command is none of these, or the asset
 * lives on no forecast. A forecast of a slot that has begun, and a measurement of one that has not, are answered as if
 * they were taken (exchange protocol, replies on failure).
 */
export const runForecastCommand = (
  asset: AssetArea,
  command: JsonObject,
  { clock, transactionId }: CommandContext,
): JsonObject | undefined => {
  const { type } = command;
  const key = CARRIED_UNDER.get(type);
  const { told } = asset.energy;
  if (key === undefined || told === undefined) return undefined;
  const known = { area_uuid: asset.uuid, transaction_id: transactionId };
  const request = { ...command, transaction_id: transactionId };
  const energies = energiesIn(command[key]);
  if (energies === undefined) {
    const error_message = `Error when handling ${String(type)} on area ${asset.name} with arguments ${pythonLiteral(request)}.`;
    return {
      command: type,
      status: 'error',
      area_uuid: asset.uuid,
      error_message,
      transaction_id: transactionId,
    };
  }
  for (const [slot, energyKWh] of energies) {
    if (type === 'set_energy_forecast' && slot > clock.slot) told.forecastKWh.set(slot, energyKWh);
    if (type === 'set_energy_measurement' && slot <= clock.slot) told.measuredKWh.set(slot, energyKWh);
  }
  return { command: type, status: 'ready', [String(type)]: request, ...known };
};

/** Energies of 0 kWh or more by slot; undefined when there is anything else. */
const energiesIn = (value: unknown): readonly (readonly [string, number])[] | undefined => {
  if (!isObject(value)) return undefined;
  const energies: [string, number][] = [];
  for (const [text, energyKWh] of Object.entries(value)) {
    const slot = slotNamed(text);
    const sound = typeof energyKWh === 'number' && Number.isFinite(energyKWh) && energyKWh >= 0;
    if (slot === undefined || !sound) return undefined;
    energies.push([slot, energyKWh]);
  }
  return energies;
};
