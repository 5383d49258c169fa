import { map } from 'rxjs';
import type { AreaControl } from '../aggregator.ts';
import type { ExchangeHealth } from '../health.ts';
import type { Command } from '../model/commands.ts';
import type { SlotEvent } from '../model/events.ts';
import type { Failure } from '../model/failures.ts';
import type { Outcome } from '../model/outcomes.ts';
import type { Reconciliation } from '../model/reconciliation.ts';
import type { Run } from '../run.ts';
import type { TransportStatus } from '../transport/transport.ts';
import { failureLine } from '../wire/report.ts';
import type { Log, LogFields, LogLevel, Told } from './log.ts';
import { marketFigures } from './marketFigures.ts';

/** Tells what happens in a run; its records name the slot, and the transaction and area where there is one. */
export const logRun = (running: Run, log: Log): void => {
  const { market, control$, reconciliation$, failure$, outcome$, status$ } = running;
  let newest: SlotEvent | undefined;
  let finished = false;
  const inSlot = (line: string, about: LogFields = {}): Told => ({
    line,
    about: { slot: newest?.slot, ...about },
  });
  market.event$.subscribe((event) => {
    if (event.kind === 'market-slot' || event.kind === 'tick') newest = event;
    if (event.kind === 'finished') finished = true;
  });
  control$.pipe(map(controlTold)).subscribe((told) => told.forEach(({ level, ...line }) => log(level, line)));
  reconciliation$.subscribe((found) => log('info', inSlot(reconciliationLine(found))));
  failure$.subscribe((failure) =>
    log(isSerious(failure) ? 'error' : 'warn', inSlot(lineOf(failure), aboutFailure(failure))),
  );
  outcome$.subscribe((outcome) =>
    log('debug', () => inSlot(outcomeLine(outcome), aboutOutcome(outcome, newest))),
  );
  marketFigures(market.event$).subscribe((line) => log('info', inSlot(line)));
  // An exchange whose simulation has ended goes.
  status$.subscribe((status) =>
    log(finished ? 'debug' : LEVELS[status.state], inSlot(statusLine(status), { status: status.state })),
  );
};

const controlTold = (areas: readonly AreaControl[], index: number) => {
  const refused = areas.filter((area) => area.status === 'refused');
  const held = areas.length - refused.length;
  return [
    ...refused.map(({ uuid, name, reason }) => ({
      level: 'warn' as const,
      line: `${name} was not taken over: ${reason}`,
      about: { areaUuid: uuid, areaName: name },
    })),
    {
      level: 'info' as const,
      line: `${index === 0 ? 'the exchange answers' : 'control has changed'}: ${areas.length} areas found, ${held} under control, ${refused.length} refused`,
      about: {},
    },
  ];
};

const reconciliationLine = ({ cause, found, gone, kept, untold }: Reconciliation): string =>
  `orders after a ${CAUSES[cause]}: ${found.length} found that were not known, ${gone.length} gone, ${kept} as known` +
  (untold.length === 0 ? '' : `; ${untold.length} assets did not tell theirs`);

const CAUSES: Readonly<Record<Reconciliation['cause'], string>> = {
  restart: 'restart',
  gap: 'gap in the connection',
  returned: 'restart of the exchange',
};

/** Whether a failure is one of this run, and not of somebody else's message. */
export const isSerious = ({ kind }: Pick<Failure, 'kind'>): boolean => kind !== 'unexpected-reply';

const lineOf = (failure: Failure): string => {
  switch (failure.kind) {
    case 'decode-failure':
      return `a message was not understood: ${failureLine(failure)}`;
    case 'strategy-failure':
      return `the strategy ${failure.strategy} failed and has stopped: ${failure.reason}`;
    case 'unexpected-reply':
      return `reply to transaction ${failure.transactionId}: ${failure.reason}`;
  }
};

const aboutFailure = (failure: Failure): LogFields => {
  const { kind } = failure;
  switch (kind) {
    case 'decode-failure':
      return { failure: kind, channel: failure.channel };
    case 'strategy-failure':
      return { failure: kind, strategy: failure.strategy };
    case 'unexpected-reply':
      return { failure: kind, transactionId: failure.transactionId };
  }
};

// A strategy may have emitted anything, a command or not.
const commandOf = (command: unknown): Partial<Command> =>
  typeof command === 'object' && command !== null ? command : {};

const outcomeLine = (outcome: Outcome): string => {
  const { kind: what, areaUuid } = commandOf(outcome.command);
  const reason = 'reason' in outcome ? `: ${outcome.reason}` : '';
  return `${what ?? 'something'} for ${areaUuid ?? 'no area'} ${outcome.kind}${reason}`;
};

const aboutOutcome = (outcome: Outcome, newest: SlotEvent | undefined): LogFields => {
  const { kind, areaUuid } = commandOf(outcome.command);
  return {
    outcome: outcome.kind,
    command: kind,
    areaUuid,
    areaName: newest?.grid.byUuid(String(areaUuid))?.name,
    transactionId: 'transactionId' in outcome ? outcome.transactionId : undefined,
  };
};

/** That all is well goes without saying. */
const LEVELS: Readonly<Record<(TransportStatus | ExchangeHealth)['state'], LogLevel>> = {
  connecting: 'info',
  open: 'debug',
  alive: 'debug',
  closed: 'debug',
  gap: 'warn',
  absent: 'warn',
  returned: 'warn',
  lost: 'error',
  deaf: 'error',
};

const statusLine = (status: TransportStatus | ExchangeHealth): string =>
  'reason' in status ? `${status.state}: ${status.reason}` : status.state;
