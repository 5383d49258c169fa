import type { Command, OrderAttributes, OrderRequirement, SetEnergyForecast } from '../model/commands.ts';
import { encodeFee } from './marketCalls.ts';

/**
 * A command as it stands in a batch: only the keys that the exchange knows, in a fixed order. Those that are undefined
 * are not written.
 */
export type WireCommand = Readonly<Record<string, unknown>> & { readonly type: string };

const encodeAttributes = ({ energyType }: OrderAttributes) => ({ energy_type: energyType });

const encodeRequirement = (requirement: OrderRequirement) => ({
  trading_partners: requirement.tradingPartners,
  energy_type: requirement.energyTypes,
  energy: requirement.energyKWh,
  price: requirement.rate,
});

const copyProfile = (profile: SetEnergyForecast['energyKWh']) => Object.fromEntries(Object.entries(profile));

/** Everything of the command but its type and area. */
export const encodeContent = (command: Command): Readonly<Record<string, unknown>> => {
  switch (command.kind) {
    case 'bid':
    case 'offer':
      return {
        energy: command.energyKWh,
        price: command.priceCents,
        replace_existing: command.replaceExisting,
        time_slot: command.timeSlot,
        attributes: command.attributes && encodeAttributes(command.attributes),
        requirements: command.requirements?.map(encodeRequirement),
      };
    case 'delete-bid':
      return { bid: command.orders === 'all' ? undefined : command.orders.id, time_slot: command.timeSlot };
    case 'delete-offer':
      return { offer: command.orders === 'all' ? undefined : command.orders.id, time_slot: command.timeSlot };
    case 'list-bids':
    case 'list-offers':
      return { time_slot: command.timeSlot };
    case 'asset-info':
      return {};
    case 'dso-market-stats':
      return { data: {} };
    case 'grid-fees':
      return { data: encodeFee(command.fee) };
    case 'set-energy-forecast':
      return { energy_forecast: copyProfile(command.energyKWh) };
    case 'set-energy-measurement':
      return { energy_measurement: copyProfile(command.energyKWh) };
  }
};

const wireType = (kind: Command['kind']): string =>
  kind === 'asset-info' ? 'device_info' : kind.replaceAll('-', '_');

/**
 * The command as the exchange reads it in a batch (exchange protocol, commands and keys).
 *
 * Exactly the keys of the protocol go out, and `time_slot`, `attributes` and `requirements` only where the command has
 * them: the exchange dies of unknown keys. Whether its values make sense is not checked here.
 */
export const encodeCommand = (command: Command): WireCommand => ({
  type: wireType(command.kind),
  ...encodeContent(command),
});
