import fc from 'fast-check';
import type { Command } from '../../lib/model/commands.ts';
import type { Request } from '../../lib/wire/messages.ts';

/** A number as JSON carries it; minus zero comes back as zero. */
const figure = fc.double({ min: -1e100, max: 1e100, noNaN: true }).map((value) => (value === 0 ? 0 : value));

const twoDigits = (max: number, min = 0) =>
  fc.integer({ min, max }).map((value) => String(value).padStart(2, '0'));

const slot = fc
  .tuple(twoDigits(12, 1), twoDigits(28, 1), twoDigits(23), twoDigits(59))
  .map(([month, day, hour, minute]) => `2026-${month}-${day}T${hour}:${minute}`);

/** Names that a careless decoder falls over are as likely as others. */
export const name = fc.oneof(
  fc.uuid(),
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', '0'),
);

const energyType = fc.constantFrom('PV', 'Grid', 'Load', 'Storage');

const record = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { noNullPrototype: true });

const partial = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [], noNullPrototype: true });

const orderOf = <K extends 'bid' | 'offer'>(kind: K, areaUuid: string) =>
  fc.record(
    {
      kind: fc.constant(kind),
      areaUuid: fc.constant(areaUuid),
      energyKWh: figure,
      priceCents: figure,
      replaceExisting: fc.boolean(),
      timeSlot: slot,
      attributes: partial({ energyType }),
      requirements: fc.array(
        partial({
          tradingPartners: fc.array(name),
          energyTypes: fc.array(energyType),
          energyKWh: figure,
          rate: figure,
        }),
      ),
    },
    {
      requiredKeys: ['kind', 'areaUuid', 'energyKWh', 'priceCents', 'replaceExisting'],
      noNullPrototype: true,
    },
  );

const fee = fc.oneof(record({ centsPerKWh: figure }), record({ percent: figure }));

/** Any command for the area. */
export const commandFor = (areaUuid: string): fc.Arbitrary<Command> => {
  const slotBound = partial({ timeSlot: slot });
  const orders = fc.oneof(fc.constant('all' as const), record({ id: name }));
  const profile = fc.dictionary(fc.oneof(slot, name), figure, { noNullPrototype: true });
  return fc.oneof(
    orderOf('bid', areaUuid),
    orderOf('offer', areaUuid),
    fc
      .tuple(fc.constantFrom('delete-bid' as const, 'delete-offer' as const), orders, slotBound)
      .map(([kind, choice, ofSlot]): Command => ({ kind, areaUuid, orders: choice, ...ofSlot })),
    fc
      .tuple(fc.constantFrom('list-bids' as const, 'list-offers' as const), slotBound)
      .map(([kind, ofSlot]): Command => ({ kind, areaUuid, ...ofSlot })),
    fc
      .constantFrom('asset-info' as const, 'dso-market-stats' as const)
      .map((kind): Command => ({ kind, areaUuid })),
    record({
      kind: fc.constant('grid-fees' as const),
      areaUuid: fc.constant(areaUuid),
      fee,
    }),
    fc
      .tuple(fc.constantFrom('set-energy-forecast' as const, 'set-energy-measurement' as const), profile)
      .map(([kind, energyKWh]): Command => ({ kind, areaUuid, energyKWh })),
  );
};

const batch = fc
  .uniqueArray(name)
  .chain((areas) =>
    fc.tuple(
      ...areas.map((area) => fc.tuple(fc.constant(area), fc.array(commandFor(area), { maxLength: 5 }))),
    ),
  )
  .map((commands) => new Map(commands));

/** Any request of this library. */
export const anyRequest: fc.Arbitrary<Request> = fc.oneof(
  record({ kind: fc.constant('create-aggregator' as const), name, aggregatorUuid: name }),
  record({
    kind: fc.constant('delete-aggregator' as const),
    name,
    aggregatorUuid: name,
    transactionId: name,
  }),
  record({
    kind: fc.constantFrom('register' as const, 'unregister' as const),
    channelName: name,
    transactionId: name,
  }),
  record({
    kind: fc.constantFrom('select' as const, 'unselect' as const),
    aggregatorUuid: name,
    areaUuid: name,
    transactionId: name,
  }),
  record({
    kind: fc.constant('grid-fees' as const),
    channelName: name,
    transactionId: name,
    fee,
  }),
  record({ kind: fc.constant('dso-market-stats' as const), channelName: name, transactionId: name }),
  record({ kind: fc.constant('area-map' as const) }),
  record({
    kind: fc.constant('batch' as const),
    aggregatorUuid: name,
    transactionId: name,
    commands: batch,
  }),
);
