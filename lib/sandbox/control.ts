import type { Area, Grid } from './areas.ts';
import type { Danger } from './dangers.ts';
import type { JsonObject } from './json.ts';
import { isMeantFor } from './naming.ts';

/** The answers to one aggregator command. */
export interface ControlReply {
  readonly replies: readonly JsonObject[];
  /** What the command does to the real exchange, where it should not be sent. */
  readonly danger?: Danger;
  /** What the real exchange still says before that. */
  readonly lastWords?: readonly JsonObject[];
}

/** Who controls what: aggregators and the areas they have selected (exchange protocol, aggregator commands). */
export interface Control {
  run(command: JsonObject): ControlReply;
  /** The aggregators that own at least one external area, with what they own. */
  owners(): ReadonlyMap<string, readonly Area[]>;
  /** Lets an area go, without a word to its aggregator. */
  release(area: Area): void;
  /** From now on all that is selected has lived through a market slot. */
  slotOpened(): void;
}

/** A grid that nobody controls yet. */
export const openControl = (grid: Grid): Control => {
  const holdings: Holdings = {
    grid,
    aggregators: new Set(),
    ownerOf: new Map(),
    settled: new Set(),
    owners: undefined,
  };
  return {
    run: (command) => {
      const { type } = command;
      const meant = isMeantFor(grid.naming, command);
      if (meant === 'nobody') return deafening(command, 'config_uuid is missing');
      if (meant === 'others') return answer();
      if (typeof type !== 'string') return deafening(command, 'type is missing');
      if (!isVerb(type)) return answer();
      const missing = REQUIRED[type].find((key) => !isKey(command[key]));
      if (missing !== undefined) return deafening(command, `${missing} is missing or no text`);
      return VERBS[type](holdings, command);
    },
    owners: () => (holdings.owners ??= owned(grid)),
    release: (area) => assign(holdings, area.uuid, undefined),
    slotOpened: () => {
      holdings.settled = new Set(holdings.ownerOf.keys());
    },
  };
};

interface Holdings {
  readonly grid: Grid;
  readonly aggregators: Set<string>;
  /** The aggregator of each selected device, whether there is such a device or not. */
  readonly ownerOf: Map<string, string>;
  /** Selected before the running slot began: to let go of such an asset unregistered ends the real exchange. */
  settled: ReadonlySet<string>;
  /** The owners as they were found last; undefined when somebody has got or lost something since. */
  owners: ReadonlyMap<string, readonly Area[]> | undefined;
}

const assign = (holdings: Holdings, deviceUuid: string, aggregatorUuid: string | undefined): void => {
  const { grid, ownerOf } = holdings;
  if (aggregatorUuid === undefined) ownerOf.delete(deviceUuid);
  else ownerOf.set(deviceUuid, aggregatorUuid);
  holdings.owners = undefined;
  const area = grid.byUuid.get(deviceUuid);
  if (area?.external === true) area.aggregatorUuid = aggregatorUuid;
};

type Verb = 'CREATE' | 'SELECT' | 'UNSELECT' | 'DELETE';

const REQUIRED: Readonly<Record<Verb, readonly string[]>> = {
  CREATE: ['name', 'transaction_id'],
  SELECT: ['aggregator_uuid', 'device_uuid', 'transaction_id'],
  UNSELECT: ['aggregator_uuid', 'device_uuid', 'transaction_id'],
  DELETE: ['aggregator_uuid', 'transaction_id'],
};

const isVerb = (type: string): type is Verb => Object.hasOwn(REQUIRED, type);
const isKey = (value: unknown): boolean => value !== undefined && value !== null && typeof value !== 'object';

const answer = (...replies: readonly JsonObject[]): ControlReply => ({ replies });
const ending = (reply: JsonObject, ...lastWords: readonly JsonObject[]): ControlReply => ({
  replies: [{ status: 'error', ...reply }],
  danger: 'dies',
  lastWords,
});
const deafening = ({ transaction_id }: JsonObject, reason: string): ControlReply => {
  const msg = `This would have deafened the exchange: ${reason}`;
  return { replies: isKey(transaction_id) ? [{ status: 'error', transaction_id, msg }] : [], danger: 'deaf' };
};

type Run = (holdings: Holdings, command: JsonObject) => ControlReply;

const create: Run = ({ aggregators }, { name, transaction_id }) => {
  const uuid = String(transaction_id);
  if (aggregators.has(uuid)) return answer({ status: 'error', aggregator_uuid: uuid, transaction_id });
  aggregators.add(uuid);
  return answer({ status: 'ready', name, transaction_id });
};

/** The first selection of an aggregator that the exchange does not know may take anything from anybody. */
const select: Run = (holdings, { aggregator_uuid, device_uuid, transaction_id }) => {
  const { aggregators, ownerOf } = holdings;
  const [aggregator, device] = [String(aggregator_uuid), String(device_uuid)];
  const owner = ownerOf.get(device);
  const known = { aggregator_uuid, device_uuid, transaction_id };
  if (aggregators.has(aggregator) && owner !== undefined) {
    return answer({ status: 'error', ...known, msg: `Device already have selected ${owner}` });
  }
  aggregators.add(aggregator);
  assign(holdings, device, aggregator);
  return answer({ status: 'SELECTED', ...known });
};

/** Whoever asks, the owner has lost the device; only to the owner it is confirmed, and that twice. */
const unselect: Run = (holdings, { aggregator_uuid, device_uuid, transaction_id }) => {
  const { grid, aggregators, ownerOf, settled } = holdings;
  const [aggregator, device] = [String(aggregator_uuid), String(device_uuid)];
  const owner = ownerOf.get(device);
  if (owner === undefined || !aggregators.has(aggregator)) return answer();
  const known = { aggregator_uuid, device_uuid, transaction_id };
  const confirmed = { status: 'UNSELECTED', ...known };
  if (settled.has(device) && isMissed(grid.byUuid.get(device))) {
    const msg = 'This would have ended the exchange: the asset is not registered';
    return ending({ ...known, msg }, confirmed, confirmed);
  }
  assign(holdings, device, undefined);
  if (owner === aggregator) return answer(confirmed, confirmed);
  const msg = 'Error unselecting aggregator : list.remove(x): x not in list';
  return answer({ status: 'error', ...known, msg });
};

/** Whether the real exchange would go looking for the asset's aggregator in vain. */
const isMissed = (area: Area | undefined): boolean =>
  area?.kind === 'asset' && area.spec.type !== 'smart-meter' && area.registration !== 'connected';

const remove: Run = (holdings, { aggregator_uuid, transaction_id }) => {
  const { grid, aggregators, ownerOf } = holdings;
  const uuid = String(aggregator_uuid);
  if (!aggregators.has(uuid)) return answer({ status: 'error', aggregator_uuid, transaction_id });
  const held = [...ownerOf].filter(([, owner]) => owner === uuid).map(([device]) => device);
  const tradesFor = new Set(
    grid.assets.map((asset) => asset.aggregatorUuid).filter((owner) => owner !== undefined),
  );
  const deleted = { status: 'deleted', aggregator_uuid, transaction_id };
  if (tradesFor.has(uuid) || (held.length > 0 && tradesFor.size > 0)) {
    const msg = 'This would have ended the exchange: the aggregator still holds areas';
    return ending({ aggregator_uuid, transaction_id, msg }, deleted);
  }
  aggregators.delete(uuid);
  for (const device of held) assign(holdings, device, undefined);
  return answer(deleted);
};

const VERBS: Readonly<Record<Verb, Run>> = {
  CREATE: create,
  SELECT: select,
  UNSELECT: unselect,
  DELETE: remove,
};

const owned = (grid: Grid): ReadonlyMap<string, readonly Area[]> => {
  const areas = new Map<string, Area[]>();
  for (const area of grid.byUuid.values()) {
    if (area.aggregatorUuid === undefined) continue;
    const others = areas.get(area.aggregatorUuid);
    if (others === undefined) areas.set(area.aggregatorUuid, [area]);
    else others.push(area);
  }
  return areas;
};
