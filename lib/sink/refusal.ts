import type { Command } from '../model/commands.ts';
import type { Knowledge } from './knowledge.ts';

/** What the user said of the exchange and what no message tells. */
export interface ExchangeTraits {
  /** How orders meet: in a one-sided market a load's bid would end the simulation. */
  readonly marketType: 'two-sided' | 'one-sided';
  /** Whether the exchange takes attributes and requirements; where it does not they would end the simulation. */
  readonly degreesOfFreedom: boolean;
}

/** From this share of a slot on, a message may be read in the next slot. */
const NEAR_SLOT_END = 0.8;

/**
 * Why a valid command must not be sent at this moment; undefined when it may (exchange protocol, messages that must
 * never be sent).
 */
export const refusal = (command: Command, knowledge: Knowledge, traits: ExchangeTraits): string | undefined =>
  degreesOfFreedom(command, traits) ??
  loadInOneSidedMarket(command, knowledge, traits) ??
  timeSlot(command, knowledge) ??
  unknownOffer(command, knowledge);

const degreesOfFreedom = (command: Command, traits: ExchangeTraits): string | undefined => {
  if (command.kind !== 'bid' && command.kind !== 'offer') return undefined;
  if (command.attributes === undefined && command.requirements === undefined) return undefined;
  return traits.degreesOfFreedom
    ? undefined
    : 'attributes and requirements would end the simulation of an exchange without degrees of freedom';
};

const loadInOneSidedMarket = (
  command: Command,
  { grid }: Knowledge,
  traits: ExchangeTraits,
): string | undefined => {
  if (traits.marketType === 'two-sided') return undefined;
  if (command.kind !== 'bid' && command.kind !== 'delete-bid' && command.kind !== 'list-bids')
    return undefined;
  const kind = grid?.byUuid(command.areaUuid)?.kind;
  return kind === 'storage' || kind === 'smart-meter' || kind === 'pv'
    ? undefined
    : 'in a one-sided market a bid of a load, or of an asset whose kind is not known yet, would end the simulation';
};

const timeSlot = (command: Command, knowledge: Knowledge): string | undefined => {
  const slot: string | undefined = 'timeSlot' in command ? command.timeSlot : undefined;
  if (slot === undefined) return undefined;
  if (!knowledge.isOpenForSettlement(slot))
    return `the newest event does not list ${slot} as open for settlement; leave timeSlot out for the running slot`;
  return knowledge.progress < NEAR_SLOT_END
    ? undefined
    : `so near to the end of a slot ${slot} may close before the exchange reads the command; try in the next slot`;
};

const unknownOffer = (command: Command, knowledge: Knowledge): string | undefined => {
  if (command.kind !== 'delete-offer' || command.orders === 'all') return undefined;
  if (!knowledge.isOpenOffer(command.areaUuid, command.orders.id))
    return `${command.orders.id} is not known as an open offer of the running slot; delete 'all' instead`;
  return knowledge.progress < NEAR_SLOT_END
    ? undefined
    : "so near to the end of the slot the offer may be gone before the exchange reads the command; delete 'all' instead";
};
