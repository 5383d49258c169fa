import { bidEnergyRate, executeBatchCommands, type Command, type MarketEvent, type Outcome } from 'gsy-rx';
import { asyncScheduler, firstValueFrom, map, of, Subject } from 'rxjs';
import { replyTo, SLOT, tick, type BatchRequest } from '../sink/bench.ts';
import { median, type Figure, type Measure } from './figures.ts';

/** What a burst took: from the first command to its batch, and from the reply to the last outcome, µs. */
interface Course {
  readonly batchUs: number;
  readonly outcomesUs: number;
}

type Burst = (commands: readonly Command[]) => Promise<Course>;

const usSince = (ms: number): number => (performance.now() - ms) * 1_000;

/** A sink in real time, whose batches come out here. */
const openSink = () => {
  const [eventSubject, commandSubject] = [new Subject<MarketEvent>(), new Subject<Command>()];
  const batchSubject = new Subject<BatchRequest>();
  const outcome$ = commandSubject.pipe(
    executeBatchCommands({
      aggregatorUuid: 'aggregator',
      event$: eventSubject,
      send: (request) => {
        if (request.kind === 'batch') batchSubject.next(request);
        return of({ receivers: 1 });
      },
      holds: () => true,
      scheduler: asyncScheduler,
      report: ({ reason }) => {
        throw new Error(reason);
      },
      marketType: 'two-sided',
      degreesOfFreedom: false,
    }),
  );
  return { eventSubject, commandSubject, batchSubject, outcome$ };
};

/** The sink, before an exchange that takes no time. */
const throughSink = (): Burst => {
  const { eventSubject, commandSubject, batchSubject, outcome$ } = openSink();
  const outcomes: Outcome[] = [];
  outcome$.subscribe((outcome) => outcomes.push(outcome));
  eventSubject.next(tick(SLOT, 0.5));
  return async (commands) => {
    outcomes.length = 0;
    let givenMs = 0;
    const sent = firstValueFrom(batchSubject.pipe(map((batch) => ({ batch, batchUs: usSince(givenMs) }))));
    givenMs = performance.now();
    for (const command of commands) commandSubject.next(command);
    const { batch, batchUs } = await sent;
    const reply = replyTo(batch);
    const repliedMs = performance.now();
    eventSubject.next(reply);
    const outcomesUs = usSince(repliedMs);
    if (outcomes.length !== commands.length) throw new Error('a command without an outcome');
    return { batchUs, outcomesUs };
  };
};

/** The floor: commands into a batch and replies into outcomes, without a look at either. */
const byHand: Burst = (commands) => {
  const givenMs = performance.now();
  const byArea = new Map<string, Command[]>();
  for (const command of commands) {
    const ofArea = byArea.get(command.areaUuid);
    if (ofArea === undefined) byArea.set(command.areaUuid, [command]);
    else ofArea.push(command);
  }
  const batchUs = usSince(givenMs);
  const transactionId = 'transaction';
  const { replies } = replyTo({
    kind: 'batch',
    aggregatorUuid: 'aggregator',
    transactionId,
    commands: byArea,
  });
  const repliedMs = performance.now();
  const outcomes: object[] = [];
  for (const [area, ofArea] of byArea)
    for (const [i, command] of ofArea.entries())
      outcomes.push({ kind: 'accepted', command, transactionId, reply: replies.get(area)?.[i] });
  const outcomesUs = usSince(repliedMs);
  if (outcomes.length !== commands.length) throw new Error('a command without an outcome');
  return Promise.resolve({ batchUs, outcomesUs });
};

/** Both do the same bursts in turn; a warm-up is not counted. */
const contest = async (commands: readonly Command[], rounds: number) => {
  const sink = throughSink();
  const courses: { readonly ours: Course; readonly floor: Course }[] = [];
  for (let round = 0; round < 2 * rounds; round += 1)
    courses.push({ ours: await sink(commands), floor: await byHand(commands) });
  return courses.slice(rounds);
};

const BURST = 1_000;

/** What the sink adds to a command: to one alone, to each of many at once, and to each of their outcomes. */
export const measure: Measure = async ({ quick }) => {
  const bidFor = (_: unknown, index: number) => bidEnergyRate(`asset ${index}`, 1 + index / BURST, 20);
  const alone = await contest([bidFor(undefined, 0)], quick ? 300 : 2_000);
  const together = await contest(Array.from({ length: BURST }, bidFor), quick ? 100 : 500);
  const perCommand = (name: string, of: keyof Course): Figure => ({
    name,
    unit: 'µs',
    ours: median(together.map(({ ours }) => ours[of])) / BURST,
    floor: median(together.map(({ floor }) => floor[of])) / BURST,
    ratio: median(together.map(({ ours, floor }) => ours[of] / floor[of])),
  });
  return [
    {
      name: 'sink, one command to its batch',
      unit: 'µs',
      ours: median(alone.map(({ ours }) => ours.batchUs)),
      atMost: 10,
    },
    perCommand(`sink, each of ${BURST} commands to their batch`, 'batchUs'),
    perCommand('sink, each outcome', 'outcomesUs'),
  ];
};
