import { expect } from 'chai';
import { NEVER, of, Subject, VirtualTimeScheduler } from 'rxjs';
import { eventStreams } from '../lib/events.ts';
import type { Command } from '../lib/model/commands.ts';
import type { MarketEvent, SlotEvent } from '../lib/model/events.ts';
import type { Failure } from '../lib/model/failures.ts';
import type { Outcome } from '../lib/model/outcomes.ts';
import { executeBatchCommands } from '../lib/sink/sink.ts';
import basic from '../strategies/basic.ts';
import { compare, day, isEvent, keyOf, type Recorded, type RecordedOrder } from './recording.ts';

const orderOf = (command: Command): readonly RecordedOrder[] => {
  if (command.kind !== 'bid' && command.kind !== 'offer') return [];
  const { areaUuid, kind, energyKWh, priceCents } = command;
  return [{ area: areaUuid, side: kind, energyKWh, rate: priceCents / energyKWh }];
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
    const ours = new Map(
      batches.map(({ cause, commands }) => [keyOf(cause), commands.flatMap(orderOf)] as const),
    );
    expect(compare(ours)).to.deep.equal({ same: 805, dust: 13, different: [] });
  });
});
