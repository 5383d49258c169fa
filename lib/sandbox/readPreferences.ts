import { readCommand } from '../wire/commandDecoding.ts';
import type { Preferences } from './areas.ts';
import type { Community } from './community.ts';
import { refused, type Refusal } from './dangers.ts';
import { isTruthy, pythonLiteral, type JsonObject } from './json.ts';

/** The keys of degrees of freedom, in the order in which the exchange names them. */
const KEYS = ['requirements', 'attributes'];

/** Whether a key of an order is one of degrees of freedom. */
export const isPreference = (key: string): boolean => KEYS.includes(key);

/** What of an order's attributes and requirements is kept, and what is said of those that are not. */
export interface ReadPreferences {
  readonly kept: Preferences;
  readonly message: string;
}

/** The attributes and requirements of an order: kept where the community matches by them, dropped elsewhere. */
export const readPreferences = (
  areaUuid: string,
  command: JsonObject,
  { degreesOfFreedom }: Community,
): ReadPreferences | Refusal => {
  if (command.requirements === undefined && command.attributes === undefined) return NOTHING_GIVEN;
  const given = KEYS.filter((key) => isTruthy(command[key]));
  if (given.length === 0) return NOTHING_GIVEN;
  if (degreesOfFreedom !== true)
    return { kept: {}, message: degreesOfFreedom === false ? `${DROPPED}${pythonLiteral(given)}.` : '' };
  const { type, energy, price, attributes, requirements } = command;
  const read = readCommand(areaUuid)({ type, energy, price, attributes, requirements });
  if (read.kind !== 'bid' && read.kind !== 'offer')
    return refused('reason' in read ? read.reason : `${read.kind} takes no requirements`);
  return {
    kept: {
      ...(read.attributes && { attributes: read.attributes }),
      ...(read.requirements && { requirements: read.requirements }),
    },
    message: '',
  };
};

const NOTHING_GIVEN: ReadPreferences = { kept: {}, message: '' };
const DROPPED =
  'The following arguments are not supported for this market and have been removed from your order: ';
