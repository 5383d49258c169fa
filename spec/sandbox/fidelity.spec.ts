import { expect } from 'chai';
import { openExchange, type Exchange } from '../../lib/sandbox/exchange.ts';
import { seededRandom, type Random } from '../../lib/sandbox/random.ts';
import { resultsOf, type TradeResult } from '../../lib/sandbox/results.ts';
import { openSandbox, parseCommunity } from '../../lib/sandbox/sandbox.ts';
import { isLeft } from 'fp-ts/lib/Either.js';
import { decode } from '../wire/decode.ts';
import { memoryBus } from '../../lib/transport/memory.ts';
import {
  AGGREGATOR_COMMANDS,
  batchChannel,
  batchResponseChannel,
  eventsChannel,
} from '../../lib/wire/channels.ts';
import { VirtualTimeScheduler } from 'rxjs';
import {
  named,
  recordedBatches,
  recordedCommunity,
  recordedEnergies,
  recordedEvents,
  recordedTrades,
  type RecordedTrade,
} from './recorded.ts';

const AGGREGATOR = '0e0f3a52-7c8e-4b5f-9f43-0d8a5a1c2b11';

/** Where the real exchange draws lots, those go first who went first on the recorded day. */
const drawnAs = (trades: readonly RecordedTrade[], now: () => string): Random => {
  const winners = new Map<string, Set<string>>();
  for (const { time, buyer, buyerOrigin, market } of trades) {
    if (buyer === buyerOrigin) winners.set(time, (winners.get(time) ?? new Set()).add(market));
  }
  const rank = (item: unknown): number => {
    const { name } = item as { name?: string };
    return name !== undefined && winners.get(now())?.has(name.toLowerCase().replace(' ', '-')) === true
      ? 0
      : 1;
  };
  return { ...seededRandom(0), shuffled: (items) => items.toSorted((one, other) => rank(one) - rank(other)) };
};

/** An event in a form that can be compared: numbers to seven places, order ids by whether there is one. */
const comparable = (event: unknown): unknown =>
  JSON.parse(
    JSON.stringify(event, (key, value: unknown) => {
      if (typeof value === 'number') return Number(value.toFixed(7));
      if (/^(trade|(residual_)?(bid|offer))_id$/.test(key)) return value === 'None' ? 'none' : 'some';
      if (key === 'trade_list')
        return (value as unknown[]).map((trade) => JSON.stringify(comparable(trade))).toSorted();
      return value;
    }),
  );

interface SlotEvent {
  readonly event: string;
  readonly market_slot: string;
  readonly slot_completion: string;
}

/**
 * Less what chance decides: a tick event shows a trade of its own tick or not, as areas happen to come first. It is
 * left out for the assets that trade in that very tick.
 */
const sure = (event: unknown, tradingAt: ReadonlyMap<string, ReadonlySet<string>>): unknown => {
  const { event: kind, market_slot: slot, slot_completion: completion } = event as SlotEvent;
  if (kind !== 'tick') return event;
  const tick = Math.round((parseInt(completion) * 30) / 100);
  const minute = Number(slot.slice(14)) + tick;
  const trading = tradingAt.get(`${slot.slice(0, 14)}${String(minute).padStart(2, '0')}:00`);
  return JSON.parse(
    JSON.stringify(event, (key, value: unknown) => {
      if (trading?.has(key) !== true) return value;
      return { ...(value as object), asset_info: 'either' };
    }),
  );
};

const slugged = (path: string): string => path.split('/').at(-1)!.toLowerCase().replace(' ', '-');

/** One line per trade, as both sides can be told: who, where, when, at which rate. */
const lines = (trades: readonly (TradeResult | RecordedTrade)[]): readonly string[] =>
  trades
    .map(({ time, market, seller, sellerOrigin, buyer, buyerOrigin, rate, energyKWh }) =>
      [
        time,
        slugged(market),
        `${seller} (${sellerOrigin})`,
        `${buyer} (${buyerOrigin})`,
        rate.toFixed(4),
        energyKWh.toFixed(6),
      ].join(' '),
    )
    .toSorted();

const openRecorded = (day: 'template' | 'client'): { exchange: Exchange; said: Map<string, string[]> } => {
  const said = new Map<string, string[]>();
  let now = (): string => '';
  const random = drawnAs(recordedTrades(day), () => now());
  const exchange = openExchange(parseCommunity(recordedCommunity()), random, (channel, data) => {
    said.set(channel, [...(said.get(channel) ?? []), data]);
  });
  now = () => exchange.trading.clock().now;
  return { exchange, said };
};

const tradesOf = (exchange: Exchange): readonly TradeResult[] =>
  resultsOf(exchange.trading, 0).markets.flatMap(({ trades }) => trades);

describe('the sandbox beside recorded days of the real exchange', () => {
  it('makes every trade of the day when nobody controls anything, given the lots that were drawn', () => {
    const { exchange } = openRecorded('template');
    while (!exchange.trading.finished()) exchange.tick();
    expect(lines(tradesOf(exchange))).to.deep.equal(lines(recordedTrades('template')));
  });

  it('counts the same demand in every area', () => {
    const { exchange } = openRecorded('template');
    while (!exchange.trading.finished()) exchange.tick();
    const { assets } = resultsOf(exchange.trading, 0);
    for (const { name, total_energy_demanded_wh: demandWh } of recordedEnergies()) {
      const inside = assets.filter(({ path }) => path.split('/').includes(name));
      const demandKWh = inside.reduce((sum, asset) => sum + asset.demandKWh, 0);
      expect(demandKWh * 1000, name).to.be.closeTo(demandWh, 1e-6);
    }
  });

  it('trades at the same times and rates whatever lots it draws itself', () => {
    const atTheRoot = (trades: readonly (TradeResult | RecordedTrade)[]): readonly string[] =>
      trades
        .filter(({ market }) => slugged(market) === 'grid')
        .map(({ time, rate }) => `${time} ${rate.toFixed(4)}`)
        .toSorted();
    const scheduler = new VirtualTimeScheduler();
    const sandbox = openSandbox(parseCommunity(recordedCommunity()), {
      scheduler,
      bus: memoryBus(scheduler),
      seed: 7,
    });
    sandbox.start();
    scheduler.flush();
    const trades = sandbox.results().markets.flatMap((market) => market.trades);
    expect(atTheRoot(trades)).to.deep.equal(atTheRoot(recordedTrades('template')));
  });

  describe('when the official client trades', () => {
    const { exchange, said } = openRecorded('client');
    const batches = recordedBatches();
    const uuids = new Map(exchange.trading.grid.assets.map(({ name, uuid }) => [name, uuid]));
    const send = (channel: string, message: object): void =>
      exchange.receive({ channel, data: JSON.stringify(message) });

    before(() => {
      send(AGGREGATOR_COMMANDS, { type: 'CREATE', name: 'client', transaction_id: AGGREGATOR });
      for (let tick = 0; !exchange.trading.finished(); tick++) {
        // The client came in the second slot, after its last trade.
        if (tick === 59) for (const name of CLIENTS_ASSETS) select(name);
        batches.forEach((batch, index) => {
          if (batch.tick === tick) send(batchChannel(), message(batch.commands, index));
        });
        exchange.tick();
      }
    });

    const select = (name: string): void =>
      send(AGGREGATOR_COMMANDS, {
        type: 'SELECT',
        aggregator_uuid: AGGREGATOR,
        device_uuid: uuids.get(name),
        transaction_id: name,
      });
    const message = (commands: Readonly<Record<string, readonly unknown[]>>, index: number): object => ({
      type: 'BATCHED',
      transaction_id: String(index),
      aggregator_uuid: AGGREGATOR,
      batch_commands: Object.fromEntries(
        Object.entries(commands).map(([name, list]) => [uuids.get(name)!, list]),
      ),
    });

    it('answers every command with the status that the real exchange gave', () => {
      const answers = new Map(
        (said.get(batchResponseChannel(AGGREGATOR)) ?? []).map((text) => {
          const { transaction_id, responses } = JSON.parse(text) as {
            transaction_id: string;
            responses: Record<string, readonly { status: string }[]>;
          };
          return [transaction_id, responses];
        }),
      );
      const statuses = batches.map(({ statuses: byName }, index) =>
        Object.fromEntries(
          Object.keys(byName).map((name) => [
            name,
            answers.get(String(index))?.[uuids.get(name)!]?.map(({ status }) => status),
          ]),
        ),
      );
      expect(statuses).to.deep.equal(batches.map((batch) => batch.statuses));
    });

    it('says every event that the real exchange said, in the same order', () => {
      const names = new Map([...exchange.trading.grid.byUuid.values()].map(({ uuid, name }) => [uuid, name]));
      const tradingAt = new Map<string, Set<string>>();
      for (const { time, sellerOrigin, buyerOrigin } of recordedTrades('client')) {
        tradingAt.set(time, (tradingAt.get(time) ?? new Set()).add(sellerOrigin).add(buyerOrigin));
      }
      exchange.finish();
      const ours = (said.get(eventsChannel(AGGREGATOR)) ?? []).map((text) => named(JSON.parse(text), names));
      const recorded = recordedEvents();
      expect(ours.length).to.equal(recorded.length);
      recorded.forEach((event, index) => {
        expect(comparable(sure(ours[index], tradingAt))).to.deep.equal(comparable(sure(event, tradingAt)));
      });
    });

    it('says nothing that the library cannot read', () => {
      const failures = [...said].flatMap(([channel, texts]) =>
        texts.flatMap((data) => {
          const decoded = decode({ channel, data }, { feeUnit: 'cents/kWh' });
          return isLeft(decoded) ? [decoded.left] : [];
        }),
      );
      expect(failures).to.deep.equal([]);
    });

    it('makes every trade of the day, given the lots that were drawn', () => {
      expect(lines(tradesOf(exchange))).to.deep.equal(lines(recordedTrades('client')));
    });
  });
});

const CLIENTS_ASSETS = ['H1 Load', 'H2 Load', 'H4 Load', 'H1 PV', 'H2 PV', 'H1 Battery'];
