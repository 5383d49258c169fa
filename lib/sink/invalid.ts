import { SMALLEST_ENERGY_KWH } from '../commands.ts';
import type { Command } from '../model/commands.ts';

/**
 * Why a value cannot be sent as a command at all, whatever the state of the market; undefined when it can.
 *
 * It takes anything, because strategies can emit anything: types are gone at run time.
 */
export const invalid = (value: unknown): string | undefined => {
  if (!isRecord(value)) return `a command is an object with a kind, not ${shown(value)}`;
  if (typeof value.areaUuid !== 'string' || value.areaUuid === '')
    return `areaUuid must name an area, not ${shown(value.areaUuid)}`;
  if (value.withheld !== undefined && !isWithheld(value.withheld))
    return `withheld must be a refusal with its reason or the order that replaces this one, not ${shown(value.withheld)}`;
  const { kind } = value;
  const check = checks.get(kind);
  if (check !== undefined) return check(value);
  return `there is no command of kind ${typeof kind === 'string' ? kind.slice(0, 80) : shown(kind)}`;
};

type Fields = Readonly<Record<string, unknown>>;
type Check = (command: Fields) => string | undefined;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
};

const isWithheld = (value: unknown): boolean =>
  isRecord(value) &&
  (value.kind === 'refused'
    ? typeof value.reason === 'string'
    : value.kind === 'superseded' && isRecord(value.by));

const isFinite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const notNegative = (what: string, value: unknown): string | undefined =>
  isFinite(value) && value >= 0 ? undefined : `${what} must be a number from 0 on, not ${shown(value)}`;

const isSlot = (value: unknown): boolean => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value)) return false;
  const ms = Date.parse(`${value}Z`);
  // A day like the 30th of February parses as another one.
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(value);
};

const timeSlot: Check = (command) =>
  command.timeSlot === undefined || isSlot(command.timeSlot)
    ? undefined
    : `timeSlot must be a UTC slot like 2026-06-21T12:00, not ${shown(command.timeSlot)}`;

const order: Check = (command) => {
  const { energyKWh, priceCents, replaceExisting } = command;
  if (!isFinite(energyKWh) || energyKWh <= SMALLEST_ENERGY_KWH)
    return `energyKWh must be a number above ${SMALLEST_ENERGY_KWH}, not ${shown(energyKWh)}`;
  if (typeof replaceExisting !== 'boolean')
    return `replaceExisting must be true or false, not ${shown(replaceExisting)}`;
  return (
    notNegative('priceCents', priceCents) ??
    timeSlot(command) ??
    attributes(command.attributes) ??
    requirements(command.requirements)
  );
};

const energyTypes = ['PV', 'Grid', 'Load', 'Storage'];
const isEnergyType = (value: unknown): boolean => typeof value === 'string' && energyTypes.includes(value);
const isListOf = (test: (value: unknown) => boolean, value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.every(test));

const attributes = (value: unknown): string | undefined => {
  if (value === undefined) return undefined;
  return isRecord(value) && (value.energyType === undefined || isEnergyType(value.energyType))
    ? undefined
    : `attributes must hold an energyType out of ${energyTypes.join(', ')}`;
};

const isRequirement = (value: unknown): boolean =>
  isRecord(value) &&
  isListOf((partner) => typeof partner === 'string', value.tradingPartners) &&
  isListOf(isEnergyType, value.energyTypes) &&
  (value.energyKWh === undefined || (isFinite(value.energyKWh) && value.energyKWh > 0)) &&
  (value.rate === undefined || (isFinite(value.rate) && value.rate >= 0));

const requirements = (value: unknown): string | undefined =>
  isListOf(isRequirement, value)
    ? undefined
    : 'requirements must be a list of objects with tradingPartners, energyTypes, energyKWh, rate';

const deletion: Check = (command) => {
  const { orders } = command;
  const chosen = orders === 'all' || (isRecord(orders) && typeof orders.id === 'string' && orders.id !== '');
  return chosen ? timeSlot(command) : `say which order to delete by its id, or 'all', not ${shown(orders)}`;
};

const fee: Check = ({ fee }) => {
  if (isRecord(fee) && 'centsPerKWh' in fee) return notNegative('the grid fee in cents/kWh', fee.centsPerKWh);
  if (isRecord(fee) && 'percent' in fee) return notNegative('the grid fee in percent', fee.percent);
  return 'a grid fee is given as centsPerKWh or as percent';
};

const profile: Check = ({ energyKWh }) => {
  if (!isRecord(energyKWh) || Object.keys(energyKWh).length === 0)
    return 'energyKWh must hold at least one slot with its energy in kWh';
  for (const [slot, energy] of Object.entries(energyKWh)) {
    if (!isSlot(slot))
      return `energyKWh must be keyed by UTC slots like 2026-06-21T12:00, not ${shown(slot)}`;
    const problem = notNegative(`the energy of ${slot} in kWh`, energy);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const nothing: Check = () => undefined;

/** By kind; a map, so that names of Object.prototype are no kinds. */
const checks: ReadonlyMap<unknown, Check> = new Map(
  Object.entries({
    bid: order,
    offer: order,
    'delete-bid': deletion,
    'delete-offer': deletion,
    'list-bids': timeSlot,
    'list-offers': timeSlot,
    'asset-info': nothing,
    'dso-market-stats': nothing,
    'grid-fees': fee,
    'set-energy-forecast': profile,
    'set-energy-measurement': profile,
  } satisfies Record<Command['kind'], Check>),
);
