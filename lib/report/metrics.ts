/**
 * Counters and histograms of a run, for Prometheus.
 * @module gsy-rx/metrics
 */

import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { asyncScheduler, tap, type Observable, type SchedulerLike } from 'rxjs';
import type { Run } from '../run.ts';
import type { Delivery, Transport } from '../transport/transport.ts';
import { contentOfChannel } from '../wire/channelContent.ts';
import type { Batch, Request } from '../wire/messages.ts';
import { missedSlots } from './missedSlots.ts';
import { outages, presenceIn } from './outages.ts';

/** Meters of one run. */
export interface Metrics {
  /** Where they are read: `registry.metrics()` is the text for Prometheus. */
  readonly registry: Registry;
  /** The transport, with every message counted that goes through it; give this one to `run`. */
  readonly measured: (transport: Transport) => Transport;
  /** Counts what the run tells until it ends; call it in the turn of `run`. */
  readonly watch: (run: Run) => void;
}

/** What the meters need to know. */
export interface MetricsOptions {
  /** The scheduler of the run: latencies are in its time; real time unless said otherwise. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Makes meters for one run, in a registry of their own. Labels have a fixed set of values, so it does not grow; those
 * of the process can be added with `collectDefaultMetrics({ register: registry })` of prom-client.
 *
 * @example
 * const { registry, measured, watch } = metrics();
 * watch(run({ transport: measured(memoryTransport(bus)), strategy: basic, aggregator: 'me' }));
 * const text = await registry.metrics();
 */
export const metrics = ({ scheduler = asyncScheduler }: MetricsOptions = {}): Metrics => {
  const registry = new Registry();
  const meters = metersIn(registry);
  const times: Times = { sentAt: new Map() };
  return {
    registry,
    measured: (transport) => ({
      ...transport,
      frame$: transport.frame$.pipe(
        tap(({ channel }) => {
          times.heardAt = scheduler.now();
          meters.framesReceived.inc({ kind: contentOfChannel(channel)?.kind ?? 'unknown' });
        }),
      ),
      send: (request) => sending(transport, request, meters, times, scheduler),
    }),
    watch: (run) => {
      countStatus(run, meters);
      countEvents(run, meters, times);
      countResults(run, meters, times);
    },
  };
};

/** When things happened, scheduler time, ms. */
interface Times {
  /** The newest frame. */
  heardAt?: number;
  /** The newest market slot or tick, until a batch goes out. */
  eventAt?: number | undefined;
  /** The batches that wait for their reply. */
  readonly sentAt: Map<string, number>;
}

type Meters = ReturnType<typeof metersIn>;

const sending = (
  transport: Transport,
  request: Request,
  meters: Meters,
  times: Times,
  scheduler: SchedulerLike,
): Observable<Delivery> => {
  meters.requestsSent.inc({ kind: request.kind });
  if (request.kind !== 'batch') return transport.send(request);
  meters.batchCommands.observe(sizeOf(request));
  if (times.eventAt !== undefined)
    meters.eventToBatchSeconds.observe((scheduler.now() - times.eventAt) / 1_000);
  times.eventAt = undefined;
  const { transactionId } = request;
  times.sentAt.set(transactionId, scheduler.now());
  const forget = () => times.sentAt.delete(transactionId);
  // What nobody has heard is not answered.
  return transport
    .send(request)
    .pipe(tap({ next: ({ receivers }) => receivers === 0 && forget(), error: forget }));
};

const sizeOf = ({ commands }: Batch): number =>
  [...commands.values()].reduce((all, { length }) => all + length, 0);

const countStatus = ({ status$, market }: Run, meters: Meters): void => {
  status$.subscribe((status) => {
    const presence = presenceIn(status);
    if (presence !== undefined) meters.up.set({ of: presence.of }, Number(presence.there));
  });
  outages(status$, market.scheduler).subscribe(({ of, seconds }) =>
    meters.outageSeconds.observe({ of }, seconds),
  );
};

const countEvents = ({ market }: Run, meters: Meters, times: Times): void => {
  market.event$.subscribe((event) => {
    if (event.kind === 'market-slot' || event.kind === 'tick') times.eventAt = times.heardAt;
    if (event.kind !== 'batch-response') return;
    const sentAt = times.sentAt.get(event.transactionId);
    times.sentAt.delete(event.transactionId);
    if (sentAt !== undefined && times.heardAt !== undefined)
      meters.replySeconds.observe((times.heardAt - sentAt) / 1_000);
  });
  missedSlots(market.event$).subscribe((missed) => meters.missedSlots.inc(missed));
};

const countResults = ({ outcome$, failure$ }: Run, meters: Meters, times: Times): void => {
  outcome$.subscribe((outcome) => {
    meters.outcomes.inc({ kind: outcome.kind });
    if (outcome.kind === 'unanswered') times.sentAt.delete(outcome.transactionId);
  });
  failure$.subscribe(({ kind }) => meters.failures.inc({ kind }));
};

/** From a millisecond, as the embedded exchange answers, to the minutes of a tick in real time. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const COMMANDS = [1, 10, 100, 1_000, 10_000, 50_000];

const metersIn = (registry: Registry) => {
  const registers = [registry];
  return {
    ...countersIn(registers),
    ...histogramsIn(registers),
    up: new Gauge({
      name: 'gsy_rx_up',
      help: 'Whether the connection, and the exchange at its other end, are there.',
      labelNames: ['of'],
      registers,
    }),
  };
};

const countersIn = (registers: Registry[]) => {
  const counter = (name: string, help: string, ...labelNames: 'kind'[]) =>
    new Counter({ name: `gsy_rx_${name}_total`, help, labelNames, registers });
  return {
    framesReceived: counter('frames_received', 'Messages heard, by what their channel carries.', 'kind'),
    requestsSent: counter('requests_sent', 'Requests sent.', 'kind'),
    failures: counter('failures', 'Failures that did not end the run.', 'kind'),
    outcomes: counter('outcomes', 'What became of commands.', 'kind'),
    missedSlots: counter('missed_slots', 'Market slots whose event never came.'),
  };
};

const histogramsIn = (registers: Registry[]) => {
  const histogram = (name: string, help: string, buckets: number[], ...labelNames: 'of'[]) =>
    new Histogram({ name: `gsy_rx_${name}`, help, buckets, labelNames, registers });
  return {
    batchCommands: histogram('batch_commands', 'Commands in each batch that was sent.', COMMANDS),
    replySeconds: histogram('reply_seconds', 'From a batch to its reply.', SECONDS),
    eventToBatchSeconds: histogram(
      'event_to_batch_seconds',
      'From a market slot or tick to the first batch after it.',
      SECONDS,
    ),
    outageSeconds: histogram('outage_seconds', 'Outages, told when they or the run are over.', SECONDS, 'of'),
  };
};
