import { expect } from 'chai';
import { EMPTY, merge, mergeMap, of, Subject } from 'rxjs';
import {
  bidEnergy,
  type Bid,
  type Command,
  type MarketEvent,
  type Outcome,
  type Reconciliation,
} from 'gsy-rx';
import { openReconciler } from '../lib/reconcile.ts';
import { aTick } from '../lib/testing.ts';

const order = (energyKWh: number): Bid => bidEnergy('load', energyKWh, 5);
const refused = (command: Command): Outcome => ({ kind: 'refused', command, reason: 'to see it' });
const unanswered = (command: Command): Outcome => ({
  kind: 'unanswered',
  command,
  transactionId: 'transaction',
  reason: 'to see it',
});

/** A reconciler between whoever gives commands and an exchange in which one bid of a load stands, of so much energy. */
const opened = (standingKWh: number) => {
  const eventSubject = new Subject<MarketEvent>();
  const commandSubject = new Subject<Command>();
  const outcomeSubject = new Subject<Outcome>();
  const reconciliations: Reconciliation[] = [];
  const reconciler = openReconciler({ event$: eventSubject, held: () => ['load'] });
  reconciler.reconciliation$.subscribe((reconciliation) => reconciliations.push(reconciliation));
  const listed = (command: Command): Outcome => ({
    kind: 'accepted',
    command,
    transactionId: 'transaction',
    granted: { command: 'list-bids', orders: [{ id: 'standing', energyKWh: standingKWh, priceCents: 5 }] },
  });
  merge(reconciler.question$, commandSubject)
    .pipe(
      reconciler.through((command$) =>
        merge(
          outcomeSubject,
          command$.pipe(mergeMap((command) => (command.kind === 'list-bids' ? of(listed(command)) : EMPTY))),
        ),
      ),
    )
    .subscribe();
  eventSubject.next(aTick());
  return {
    give: (command: Command) => commandSubject.next(command),
    conclude: (outcome: Outcome) => outcomeSubject.next(outcome),
    /** Of which command the standing bid is said to have come. */
    explained: (): Command | undefined => {
      reconciler.miss();
      reconciler.ask('gap');
      eventSubject.next(aTick());
      return reconciliations.at(-1)?.found[0]?.command;
    },
  };
};

describe('what is found after a gap', () => {
  it('came of an order that has no outcome yet, however many were given and concluded since', () => {
    const { give, conclude, explained } = opened(7);
    const waiting = order(7);
    give(waiting);
    for (let other = 0; other < 250_000; other += 1) {
      const command = order(1);
      give(command);
      conclude(refused(command));
    }
    expect(explained()).to.equal(waiting);
  });

  it('came of an order that was not answered, of none of another energy, and of none that has another outcome', () => {
    const { give, conclude, explained } = opened(7);
    const [one, other, third] = [order(7), order(6), order(7)];
    for (const command of [one, other, third]) give(command);
    conclude(refused(one));
    conclude(unanswered(other));
    conclude(unanswered(third));
    expect(explained()).to.equal(third);
  });

  it('came of none of this client’s where all of them were concluded', () => {
    const { give, conclude, explained } = opened(7);
    const command = order(7);
    give(command);
    conclude(refused(command));
    give(order(1));
    expect(explained()).to.equal(undefined);
  });
});
