import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { NEVER, of, Subject, VirtualTimeScheduler } from 'rxjs';
import { SMALLEST_ENERGY_KWH } from '../lib/commands.ts';
import { eventStreams } from '../lib/events.ts';
import type { Command } from '../lib/model/commands.ts';
import type { MarketEvent, SlotEvent } from '../lib/model/events.ts';
import type { Failure } from '../lib/model/failures.ts';
import type { Outcome } from '../lib/model/outcomes.ts';
import { executeBatchCommands } from '../lib/sink/sink.ts';
import basic from '../strategies/basic.ts';

interface Recorded {
  readonly t: number;
  readonly channel: string;
  readonly data: string;
}

/** A day of the real exchange, traded by its official client; see the samples' own description. */
const day = gunzipSync(
  readFileSync(new URL('fixtures/samples/default-community-full-day.jsonl.gz', import.meta.url)),
)
  .toString()
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Recorded);

interface RecordedOrder {
  readonly area: string;
  readonly side: 'bid' | 'offer';
  readonly rate: number;
  readonly energyKWh: number;
}

const isEvent = ({ channel }: Recorded) => channel.endsWith('/events/all');
const isBatch = ({ channel }: Recorded) =>
  channel.startsWith('external-aggregator/') &&
  channel.endsWith('/batch_commands') &&
  !channel.includes('/response/');

const ordersOf = ({ data }: Recorded): readonly RecordedOrder[] => {
  const { batch_commands } = JSON.parse(data) as {
    batch_commands: Record<string, { type: string; energy: number; price: number }[]>;
  };
  return Object.entries(batch_commands).flatMap(([area, commands]) =>
    commands
      .filter(({ type }) => type === 'bid' || type === 'offer')
      .map(({ type, energy, price }) => ({
        area,
        side: type as 'bid' | 'offer',
        rate: price / energy,
        energyKWh: energy,
      })),
  );
};

const transactionOf = ({ data }: Recorded) => (JSON.parse(data) as { transaction_id: string }).transaction_id;

const keyOf = (event: { readonly kind: string; readonly slot: string; readonly progress: number }) =>
  `${event.slot} ${event.kind} ${event.progress}`;

/** What the official client does about one event: asset by asset, in a thread of its own. */
interface Thread {
  readonly event: string;
  readonly orders: RecordedOrder[];
  /** How far it has come in the order of assets. */
  place: number;
  /** When it could go on; undefined while it waits for a reply. */
  freeAt: number | undefined;
}

const ASSETS = ['7dce459b', '76b5983b', 'ad507a27', '70c3833a', '4cd2937a', '3e69785b'];

/**
 * The official client's orders by the event that caused them. It sends one asset's orders at a time and waits for
 * the reply, so that its orders for one event can come after the next event; each batch is the next one of the thread
 * that went free last.
 */
const officialOrders = () => {
  const threads: Thread[] = [];
  const waiting = new Map<string, Thread>();
  for (const [index, message] of day.entries()) {
    if (isEvent(message)) {
      const event = JSON.parse(message.data) as Record<string, string>;
      // A tick of 0 % follows its market event at once, and the official client acts on the latter.
      if (event.event !== 'market' && (event.event !== 'tick' || event.slot_completion === '0%')) continue;
      const kind = event.event === 'market' ? 'market-slot' : 'tick';
      const progress = parseInt(event.slot_completion!) / 100;
      threads.push({
        event: keyOf({ kind, slot: event.market_slot!, progress }),
        orders: [],
        place: -1,
        freeAt: index,
      });
    } else if (isBatch(message)) {
      const orders = ordersOf(message);
      const place = ASSETS.indexOf(orders[0]!.area.slice(0, 8));
      const [thread] = threads
        .filter(({ place: reached, freeAt }) => freeAt !== undefined && reached < place)
        .sort((one, other) => other.freeAt! - one.freeAt!);
      thread!.orders.push(...orders);
      thread!.place = place;
      thread!.freeAt = undefined;
      waiting.set(transactionOf(message), thread!);
    } else if (message.channel.endsWith('/response/batch_commands')) {
      waiting.get(transactionOf(message))!.freeAt = index;
    }
  }
  return threads;
};

/** The recorded day, event by event at its own pace, through decoding, market, strategy and sink. */
const trade = () => {
  const scheduler = new VirtualTimeScheduler();
  const frameSubject = new Subject<Recorded>();
  const failures: Failure[] = [];
  const outcomes: Outcome[] = [];
  const report = (failure: Failure) => failures.push(failure);
  const { market, failure$, connect } = eventStreams({
    frame$: frameSubject,
    outcome$: NEVER,
    scheduler,
    report,
    feeUnit: 'cents/kWh',
    configurationId: '',
  });
  const events: MarketEvent[] = [];
  const batches: { readonly cause: SlotEvent; readonly commands: readonly Command[] }[] = [];
  let cause: SlotEvent | undefined;
  failure$.subscribe(report);
  market.event$.subscribe((event) => {
    events.push(event);
    if (event.kind === 'market-slot' || event.kind === 'tick') cause = event;
  });
  basic(market)
    .pipe(
      executeBatchCommands({
        aggregatorUuid: 'a',
        event$: market.event$,
        send: (request) => {
          if (request.kind === 'batch' && cause !== undefined)
            batches.push({ cause, commands: [...request.commands.values()].flat() });
          return of({ receivers: 1 });
        },
        holds: () => true,
        scheduler,
        report,
        marketType: 'two-sided',
        degreesOfFreedom: false,
      }),
    )
    .subscribe((outcome) => outcomes.push(outcome));
  connect();
  const start = day[0]!.t;
  for (const message of day.filter(isEvent))
    scheduler.schedule(() => frameSubject.next(message), (message.t - start) * 1_000);
  scheduler.flush();
  return { events, failures, batches, outcomes };
};

describe('the basic strategy on a recorded day of the real exchange', () => {
  const { events, failures, batches, outcomes } = trade();
  const official = officialOrders();

  it('understands every event', () => {
    expect(failures).to.be.empty;
    expect(events.filter(({ kind }) => kind === 'market-slot')).to.have.length(22);
    expect(events.at(-1)?.kind).to.equal('finished');
  });

  it('sends one batch per event that calls for one', () => {
    const keys = batches.map(({ cause }) => keyOf(cause));
    expect(new Set(keys).size).to.equal(keys.length);
    const calling = events.filter(
      (event) => event.kind === 'market-slot' || (event.kind === 'tick' && event.progress >= 0.1),
    );
    expect(keys).to.have.length(calling.length);
  });

  it('gives every command an outcome', () => {
    expect(outcomes).to.have.length(batches.flatMap(({ commands }) => commands).length);
  });

  it('asks the rates that the official client asked, for each of its orders', () => {
    const ours = new Map(batches.map(({ cause, commands }) => [keyOf(cause), commands]));
    let same = 0;
    let dust = 0;
    for (const { event, orders } of official)
      for (const { area, side, rate, energyKWh } of orders) {
        const order = ours.get(event)?.find(({ areaUuid, kind }) => areaUuid === area && kind === side);
        if (energyKWh <= SMALLEST_ENERGY_KWH) {
          // Rounding remainders of sold out assets, which the exchange refused.
          expect(order).to.be.undefined;
          dust += 1;
        } else {
          expect(order, `${side} for ${area} at ${event}`).to.exist;
          const { priceCents, energyKWh: ourEnergyKWh } = order as Extract<
            Command,
            { kind: 'bid' | 'offer' }
          >;
          expect(priceCents / ourEnergyKWh).to.be.closeTo(rate, 1e-9);
          same += 1;
        }
      }
    expect({ same, dust }).to.deep.equal({ same: 805, dust: 13 });
  });
});
