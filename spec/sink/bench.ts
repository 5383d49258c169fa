import { of, Subject, VirtualTimeScheduler, type Observable } from 'rxjs';
import { indexGrid } from '../../lib/grid/grid.ts';
import type { Command } from '../../lib/model/commands.ts';
import type { BatchResponse, MarketEvent, Tick } from '../../lib/model/events.ts';
import type { UnexpectedReply } from '../../lib/model/failures.ts';
import type { Area } from '../../lib/model/grid.ts';
import type { Outcome } from '../../lib/model/outcomes.ts';
import type { CommandReply } from '../../lib/model/replies.ts';
import type { SinkOptions } from '../../lib/sink/options.ts';
import { executeBatchCommands } from '../../lib/sink/sink.ts';
import type { Delivery } from '../../lib/transport/transport.ts';
import type { Request } from '../../lib/wire/messages.ts';

export type BatchRequest = Extract<Request, { kind: 'batch' }>;

const areas: readonly Area[] = [
  { kind: 'market', uuid: 'house', name: 'House', childUuids: ['load', 'pv'] },
  {
    kind: 'load',
    uuid: 'load',
    name: 'Load',
    parentUuid: 'house',
    energyRequirementKWh: 1,
    energyActiveInBidsKWh: 0,
    energyTradedKWh: 0,
    totalCostCents: 0,
    unsettledDeviationsKWh: new Map([['2026-06-21T10:00', 0.5]]),
  },
  {
    kind: 'pv',
    uuid: 'pv',
    name: 'PV',
    parentUuid: 'house',
    availableEnergyKWh: 1,
    energyActiveInOffersKWh: 0,
    energyTradedKWh: 0,
    totalCostCents: 0,
  },
];
export const grid = indexGrid(areas, 'cents/kWh');
export const tick = (slot: string, progress: number): Tick => ({ kind: 'tick', slot, progress, grid });
export const SLOT = '2026-06-21T12:00';
export const NEXT_SLOT = '2026-06-21T12:15';

const order = (command: Command, id: string): CommandReply => ({
  status: 'ready',
  granted: {
    command: command.kind as 'bid' | 'offer',
    marketType: 'Spot Market',
    message: '',
    order: {
      side: command.kind as 'bid' | 'offer',
      id,
      energyKWh: 'energyKWh' in command ? (command.energyKWh as number) : 0,
      rate: 1,
      priceCents: 1,
      originalPriceCents: 1,
      createdAt: `${SLOT}:00`,
      slot: SLOT,
      traderName: 'x',
      traderUuid: 'x',
    },
  },
});
const grant = (command: Command, id = 'order'): CommandReply =>
  command.kind === 'bid' || command.kind === 'offer'
    ? order(command, id)
    : { status: 'ready', granted: { command: 'delete-bid', deletedIds: [] } };

export const replyTo = (
  { transactionId, aggregatorUuid, commands }: BatchRequest,
  id?: string,
): BatchResponse => ({
  kind: 'batch-response',
  transactionId,
  aggregatorUuid,
  grid,
  replies: new Map(
    [...commands].map(([area, ofArea]) => [area, ofArea.map((command) => grant(command, id))]),
  ),
});

/** A sink in virtual time with an exchange that answers as it is told. */
export const bench = (overrides: Partial<SinkOptions> = {}) => {
  const scheduler = new VirtualTimeScheduler();
  const eventSubject = new Subject<MarketEvent>();
  const commandSubject = new Subject<Command>();
  const sent: { readonly at: number; readonly batch: BatchRequest }[] = [];
  const outcomes: Outcome[] = [];
  const strays: UnexpectedReply[] = [];
  const ended: unknown[] = [];
  let respond: (batch: BatchRequest) => Observable<Delivery> = (batch) => {
    scheduler.schedule(() => eventSubject.next(replyTo(batch)), 50);
    return of({ receivers: 1 });
  };
  const send = (request: Request) => {
    if (request.kind !== 'batch') throw new Error('the sink sends batches only');
    sent.push({ at: scheduler.now(), batch: request });
    return respond(request);
  };
  const subscription = commandSubject
    .pipe(
      executeBatchCommands({
        aggregatorUuid: 'aggregator',
        event$: eventSubject,
        send,
        holds: (area) => area === 'load' || area === 'pv' || area === 'house',
        scheduler,
        report: (failure) => strays.push(failure),
        marketType: 'two-sided',
        degreesOfFreedom: false,
        ...overrides,
      }),
    )
    .subscribe({
      next: (outcome) => outcomes.push(outcome),
      error: (error: unknown) => ended.push(error),
      complete: () => ended.push('complete'),
    });
  const at = (time: number, action: () => void) => scheduler.schedule(action, time);
  return {
    scheduler,
    at,
    hear: (...events: readonly MarketEvent[]) => events.forEach((event) => eventSubject.next(event)),
    give: (...commands: readonly Command[]) => commands.forEach((command) => commandSubject.next(command)),
    commandSubject,
    eventSubject,
    respondWith: (response: typeof respond) => (respond = response),
    run: () => scheduler.flush(),
    sent,
    outcomes,
    strays,
    ended,
    subscription,
  };
};

export const kinds = (outcomes: readonly Outcome[]) => outcomes.map(({ kind }) => kind);
export const commandsSent = ({ sent }: { readonly sent: readonly { readonly batch: BatchRequest }[] }) =>
  sent.map(({ batch }) => Object.fromEntries(batch.commands));
