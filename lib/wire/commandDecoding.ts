import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import type { Command, OrderAttributes, OrderChoice, OrderRequirement } from '../model/commands.ts';
import { closed, listOf, mapOf, strict, tagged } from './combinators.ts';
import { toFee, WireFee } from './marketCalls.ts';
import type { OtherCommand } from './messages.ts';
import { present } from './present.ts';
import { errorsLine } from './report.ts';
import { Finite, JsonObject, optional, SlotTime } from './scalars.ts';

/** The energy types that degrees of freedom distinguish. */
export const EnergyType = t.keyof(
  { PV: null, Grid: null, Load: null, Storage: null },
  'PV, Grid, Load or Storage',
);

const Attributes = strict({ energy_type: optional(EnergyType) }, 'attributes of an order');
type Attributes = t.TypeOf<typeof Attributes>;

const Requirement = strict(
  {
    trading_partners: optional(listOf(t.string)),
    energy_type: optional(listOf(EnergyType)),
    energy: optional(Finite),
    price: optional(Finite),
  },
  'a requirement of an order',
);
type Requirement = t.TypeOf<typeof Requirement>;

const slotBound = { time_slot: optional(SlotTime) };

const order = {
  energy: Finite,
  price: Finite,
  replace_existing: optional(t.boolean),
  ...slotBound,
  attributes: optional(Attributes),
  requirements: optional(listOf(Requirement)),
};

/** The commands of a batch (exchange protocol, commands and keys). */
const WireCommand = tagged('a command', 'type', {
  bid: closed({ type: t.literal('bid'), ...order }, 'a bid'),
  offer: closed({ type: t.literal('offer'), ...order }, 'an offer'),
  delete_bid: strict({ type: t.literal('delete_bid'), bid: optional(t.string), ...slotBound }),
  delete_offer: strict({ type: t.literal('delete_offer'), offer: optional(t.string), ...slotBound }),
  list_bids: strict({ type: t.literal('list_bids'), ...slotBound }),
  list_offers: strict({ type: t.literal('list_offers'), ...slotBound }),
  device_info: strict({ type: t.literal('device_info') }),
  dso_market_stats: strict({ type: t.literal('dso_market_stats'), data: JsonObject }),
  grid_fees: strict({ type: t.literal('grid_fees'), data: WireFee }),
  set_energy_forecast: strict({ type: t.literal('set_energy_forecast'), energy_forecast: mapOf(Finite) }),
  set_energy_measurement: strict({
    type: t.literal('set_energy_measurement'),
    energy_measurement: mapOf(Finite),
  }),
});
type WireCommand = t.TypeOf<typeof WireCommand>;

/**
 * A command of a batch as the exchange hears it.
 *
 * One that is no command comes out as an `other-command` with the reason, and does not spoil its batch; the exchange
 * refuses such a command, or dies of it.
 */
export const readCommand =
  (areaUuid: string) =>
  (content: unknown): Command | OtherCommand =>
    pipe(
      WireCommand.decode(content),
      E.match(
        (errors): Command | OtherCommand => ({
          kind: 'other-command',
          areaUuid,
          ...typeOf(content),
          reason: errorsLine(errors),
        }),
        (command) => toCommand(command, areaUuid),
      ),
    );

const typeOf = (content: unknown): { readonly type?: string } =>
  JsonObject.is(content) && typeof content.type === 'string' ? { type: content.type } : {};

const toCommand = (wire: WireCommand, areaUuid: string): Command => {
  switch (wire.type) {
    case 'bid':
    case 'offer':
      return { kind: wire.type, areaUuid, ...toOrder(wire) };
    case 'delete_bid':
      return { kind: 'delete-bid', areaUuid, orders: toChoice(wire.bid), ...toSlotBound(wire) };
    case 'delete_offer':
      return { kind: 'delete-offer', areaUuid, orders: toChoice(wire.offer), ...toSlotBound(wire) };
    case 'list_bids':
      return { kind: 'list-bids', areaUuid, ...toSlotBound(wire) };
    case 'list_offers':
      return { kind: 'list-offers', areaUuid, ...toSlotBound(wire) };
    case 'device_info':
      return { kind: 'asset-info', areaUuid };
    case 'dso_market_stats':
      return { kind: 'dso-market-stats', areaUuid };
    case 'grid_fees':
      return { kind: 'grid-fees', areaUuid, fee: toFee(wire.data) };
    case 'set_energy_forecast':
      return { kind: 'set-energy-forecast', areaUuid, energyKWh: Object.fromEntries(wire.energy_forecast) };
    case 'set_energy_measurement':
      return {
        kind: 'set-energy-measurement',
        areaUuid,
        energyKWh: Object.fromEntries(wire.energy_measurement),
      };
  }
};

const toSlotBound = ({ time_slot }: { readonly time_slot: string | undefined }) =>
  present({ timeSlot: time_slot });

const toOrder = (wire: Extract<WireCommand, { type: 'bid' | 'offer' }>) => ({
  energyKWh: wire.energy,
  priceCents: wire.price,
  replaceExisting: wire.replace_existing ?? true,
  ...toSlotBound(wire),
  ...present({
    attributes: wire.attributes && toAttributes(wire.attributes),
    requirements: wire.requirements?.map(toRequirement),
  }),
});

const toAttributes = ({ energy_type }: Attributes): OrderAttributes => present({ energyType: energy_type });

const toRequirement = (wire: Requirement): OrderRequirement =>
  present({
    tradingPartners: wire.trading_partners,
    energyTypes: wire.energy_type,
    energyKWh: wire.energy,
    rate: wire.price,
  });

const toChoice = (id: string | undefined): OrderChoice => (id === undefined ? 'all' : { id });
