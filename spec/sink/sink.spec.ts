import { expect } from 'chai';
import fc from 'fast-check';
import { concat, defer, EMPTY, NEVER, of, throwError } from 'rxjs';
import { bidEnergy, deleteBid, deleteOffer, gridFees, listBids, offerEnergy } from '../../lib/commands.ts';
import { GsyError } from '../../lib/errors.ts';
import type { Command } from '../../lib/model/commands.ts';
import type { BatchResponse, MarketEvent, Trade } from '../../lib/model/events.ts';
import { collectNextTurn } from '../collectGarbage.ts';
import {
  bench,
  commandsSent,
  grid,
  kinds,
  NEXT_SLOT,
  replyTo,
  SLOT,
  tick,
  type BatchRequest,
} from './bench.ts';

const strayReply: BatchResponse = {
  kind: 'batch-response',
  transactionId: 'foreign',
  aggregatorUuid: 'x',
  grid,
  replies: new Map(),
};

describe('executeBatchCommands', () => {
  it('sends one message for a burst, however many areas it concerns', () => {
    const b = bench();
    const bid = bidEnergy('load', 1, 20);
    const offer = offerEnergy('pv', 1, 10);
    b.give(bid, offer, gridFees('house', 2));
    b.run();
    expect(commandsSent(b)).to.deep.equal([{ load: [bid], pv: [offer], house: [gridFees('house', 2)] }]);
    expect(kinds(b.outcomes)).to.deep.equal(['accepted', 'accepted', 'accepted']);
  });

  it('goes on sending under a steady stream, when the oldest command has waited long enough', () => {
    const b = bench({ quietMs: 10, maxWaitMs: 40 });
    for (let i = 0; i < 20; i += 1)
      b.at(i * 5, () => b.give(bidEnergy('load', 1, i, { replaceExisting: false })));
    b.run();
    expect(b.sent.map(({ at }) => at)).to.deep.equal([40, 85, 105]);
    expect(b.outcomes).to.have.length(20);
  });

  it('sends a burst at once when it is full', () => {
    const b = bench({ quietMs: 10, maxCommands: 2 });
    b.give(...[1, 2, 3].map((price) => bidEnergy('load', 1, price, { replaceExisting: false })));
    b.run();
    expect(b.sent.map(({ at, batch }) => [at, batch.commands.get('load')?.length])).to.deep.equal([
      [0, 2],
      [10, 1],
    ]);
  });

  it('flushes and awaits the replies when the commands complete', () => {
    const b = bench({ quietMs: 1_000, maxWaitMs: 1_000 });
    b.give(bidEnergy('load', 1, 20));
    b.commandSubject.complete();
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(['accepted']);
    expect(b.ended).to.deep.equal(['complete']);
  });

  it('flushes and awaits the replies when the commands fail, then hands the error on', () => {
    const b = bench({ quietMs: 1_000, maxWaitMs: 1_000 });
    b.give(bidEnergy('load', 1, 20));
    b.commandSubject.error('boom');
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(['accepted']);
    expect(b.ended).to.deep.equal(['boom']);
  });

  it('has several batches in flight and pairs their replies by transaction', () => {
    const b = bench();
    const waiting: BatchRequest[] = [];
    b.respondWith((batch) => {
      waiting.push(batch);
      return of({ receivers: 1 });
    });
    const first = bidEnergy('load', 1, 1);
    const second = bidEnergy('load', 1, 2);
    b.at(0, () => b.give(first));
    b.at(10, () => b.give(second));
    b.at(20, () => b.hear(replyTo(waiting[1]!, 'second'), replyTo(waiting[0]!, 'first')));
    b.run();
    expect(b.outcomes.map(({ command }) => command)).to.deep.equal([second, first]);
    expect(new Set(b.sent.map(({ batch }) => batch.transactionId)).size).to.equal(2);
  });

  it('takes a reply that comes before the send returns', () => {
    const b = bench();
    b.respondWith((batch) => {
      b.hear(replyTo(batch));
      return of({ receivers: 1 });
    });
    b.give(bidEnergy('load', 1, 20));
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(['accepted']);
    expect(b.strays).to.be.empty;
  });

  it('calls commands unanswered when their patience ends, and reports the late reply', () => {
    const b = bench({ patienceMs: 1_000 });
    b.respondWith((batch) => {
      b.at(1_500, () => b.hear(replyTo(batch)));
      return of({ receivers: 1 });
    });
    b.give(bidEnergy('load', 1, 20));
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(['unanswered']);
    expect(b.strays.map(({ transactionId }) => transactionId)).to.deep.equal([
      b.sent[0]!.batch.transactionId,
    ]);
  });

  it('lets its patience follow the length of a tick', () => {
    const b = bench();
    b.respondWith(() => of({ receivers: 1 }));
    b.at(0, () => b.hear(tick(SLOT, 0.1)));
    b.at(90_000, () => {
      b.hear(tick(SLOT, 0.2));
      b.give(bidEnergy('load', 1, 20));
    });
    b.run();
    expect(b.scheduler.now()).to.equal(90_000 + 3 * 90_000);
    expect(kinds(b.outcomes)).to.deep.equal(['unanswered']);
  });

  it('calls a command unanswered when the reply leaves its area out', () => {
    const b = bench();
    b.respondWith((batch) => {
      const { replies, ...rest } = replyTo(batch);
      b.at(5, () => b.hear({ ...rest, replies: new Map([['load', replies.get('load')!]]) }));
      return of({ receivers: 1 });
    });
    b.give(bidEnergy('load', 1, 20), offerEnergy('pv', 1, 20));
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(['accepted', 'unanswered']);
  });

  it('says of a rejected order that the one it was to replace may be gone', () => {
    const b = bench();
    b.respondWith((batch) => {
      const replies = new Map([
        ['load', [1, 2, 3].map(() => ({ status: 'error', reason: 'too much' }) as const)],
      ]);
      b.at(5, () => b.hear({ ...replyTo(batch), replies }));
      return of({ receivers: 1 });
    });
    b.give(bidEnergy('load', 9, 20), bidEnergy('load', 9, 20, { replaceExisting: false }), listBids('load'));
    b.run();
    const rejected = b.outcomes.map((outcome) => outcome.kind === 'rejected' && outcome);
    expect(rejected.map((outcome) => outcome && outcome.reason)).to.deep.equal(Array(3).fill('too much'));
    expect(rejected.map((outcome) => outcome && outcome.formerOrderMayBeGone)).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  it('calls commands unsent when the connection cannot send, or nobody listens', () => {
    const b = bench();
    b.respondWith(() => throwError(() => new GsyError('ERR_GSY_TRANSPORT', 'not connected')));
    b.at(0, () => b.give(bidEnergy('load', 1, 20)));
    b.at(1, () => b.respondWith(() => of({ receivers: 0 })));
    b.at(2, () => b.give(bidEnergy('load', 1, 20)));
    b.at(3, () =>
      b.respondWith(() => {
        throw new GsyError('ERR_GSY_TRANSPORT', 'thrown at once');
      }),
    );
    b.at(4, () => b.give(bidEnergy('load', 1, 20)));
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(['unsent', 'unsent', 'unsent']);
    expect(b.outcomes.map((outcome) => 'reason' in outcome && outcome.reason)).to.deep.equal([
      'not connected',
      'nobody listens where batches go; is the exchange running?',
      'thrown at once',
    ]);
  });

  it('supersedes orders that a newer one for the same asset, side and slot replaces', () => {
    const b = bench();
    const old = bidEnergy('load', 1, 1);
    const offer = offerEnergy('pv', 1, 1);
    const settling = bidEnergy('load', 0.5, 1, { timeSlot: '2026-06-21T10:00' });
    const newest = bidEnergy('load', 1, 2);
    b.hear(tick(SLOT, 0));
    b.give(old, offer, settling, newest);
    b.run();
    expect(commandsSent(b)).to.deep.equal([{ load: [settling, newest], pv: [offer] }]);
    expect(b.outcomes[0]).to.deep.equal({ kind: 'superseded', command: old, by: newest });
    expect(b.outcomes).to.have.length(4);
  });

  it('makes outcomes of commands that were withheld, sends none of them and lets them replace nothing', () => {
    const b = bench();
    const standing = bidEnergy('load', 1, 1);
    const [late, dear] = [bidEnergy('load', 1, 2), offerEnergy('pv', 1, 3)];
    b.give(
      standing,
      { ...late, withheld: { kind: 'refused', reason: 'too dear' } },
      { ...dear, withheld: { kind: 'superseded', by: standing } },
    );
    b.run();
    expect(commandsSent(b)).to.deep.equal([{ load: [standing] }]);
    expect(b.outcomes.slice(0, 2)).to.deep.equal([
      { kind: 'refused', command: late, reason: 'too dear' },
      { kind: 'superseded', command: dear, by: standing },
    ]);
    expect(kinds(b.outcomes)).to.deep.equal(['refused', 'superseded', 'accepted']);
  });

  it('keeps orders that add to each other', () => {
    const b = bench();
    b.give(bidEnergy('load', 0.5, 1), bidEnergy('load', 0.5, 2, { replaceExisting: false }));
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(['accepted', 'accepted']);
  });

  it('lets orders expire whose slot ends before they are sent, but not what is bound to no slot', () => {
    const b = bench({ quietMs: 10 });
    b.hear(tick(SLOT, 0.9));
    b.at(0, () => b.give(bidEnergy('load', 1, 20), listBids('load'), gridFees('house', 1)));
    b.at(5, () => b.hear(tick(NEXT_SLOT, 0)));
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(['expired', 'expired', 'accepted']);
  });

  it('refuses commands for areas that are not held', () => {
    const b = bench();
    b.give(bidEnergy('neighbour', 1, 20), bidEnergy('__proto__', 1, 20));
    b.run();
    expect(b.sent).to.be.empty;
    expect(kinds(b.outcomes)).to.deep.equal(['refused', 'refused']);
  });

  it('lets a command for an area that is not held keep back neither those beside it nor those after it', () => {
    const b = bench();
    b.at(0, () => b.give(bidEnergy('neighbour', 1, 20), bidEnergy('load', 1, 20)));
    b.at(100, () => b.give(offerEnergy('pv', 1, 10)));
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(['refused', 'accepted', 'accepted']);
  });

  it('gives up what is in flight when the simulation finishes, and expires what comes after', () => {
    const b = bench();
    b.respondWith(() => of({ receivers: 1 }));
    b.at(0, () => b.give(bidEnergy('load', 1, 20)));
    b.at(1, () => b.hear({ kind: 'finished', grid }));
    b.at(2, () => b.give(bidEnergy('load', 1, 20)));
    b.run();
    expect(b.scheduler.now()).to.equal(2);
    expect(kinds(b.outcomes)).to.deep.equal(['unanswered', 'expired']);
  });

  it('gives up what is in flight when the connection ends, and sends nothing after', () => {
    const b = bench();
    b.respondWith(() => of({ receivers: 1 }));
    b.at(0, () => b.give(bidEnergy('load', 1, 20)));
    b.at(1, () => b.eventSubject.complete());
    b.at(2, () => b.give(bidEnergy('load', 1, 20)));
    b.run();
    expect(b.sent).to.have.length(1);
    expect(kinds(b.outcomes)).to.deep.equal(['unanswered', 'unsent']);
  });

  it('reports replies that nobody waits for', () => {
    const b = bench();
    b.hear(strayReply);
    expect(b.strays.map(({ transactionId }) => transactionId)).to.deep.equal(['foreign']);
  });

  it('keeps no reply, whether it was waited for or not', async () => {
    const b = bench();
    const heard: WeakRef<MarketEvent>[] = [];
    b.eventSubject.subscribe((event) => heard.push(new WeakRef(event)));
    for (let i = 0; i < 100; i += 1) {
      b.at(i * 100, () => b.give(bidEnergy('load', 1, 20)));
      b.at(i * 100, () => b.hear({ ...strayReply, transactionId: `foreign ${i}` }));
    }
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(Array(100).fill('accepted'));
    expect(heard).to.have.length(200);
    await collectNextTurn();
    expect(heard.filter((reply) => reply.deref() !== undefined)).to.be.empty;
  });

  it('leaves no timer behind when it is unsubscribed', () => {
    const b = bench();
    b.respondWith(() => of({ receivers: 1 }));
    b.give(bidEnergy('load', 1, 20));
    b.scheduler.maxFrames = 10;
    b.run();
    b.subscription.unsubscribe();
    b.scheduler.maxFrames = Infinity;
    b.run();
    expect(b.scheduler.now()).to.be.at.most(10);
  });
});

describe('what the sink knows of the running slot', () => {
  const trade = (fields: Partial<Trade>): Trade => ({
    kind: 'trade',
    tradeId: 't',
    assetUuid: 'pv',
    assetName: 'PV',
    side: 'sold',
    time: `${SLOT}:00+00:00`,
    energyKWh: 1,
    priceCents: 10,
    rate: 10,
    feeCents: 0,
    sellerOrigin: 'PV',
    buyerOrigin: 'Load',
    offerId: 'order',
    grid,
    ...fields,
  });
  const replacing = offerEnergy('pv', 0.5, 5);
  const instead = [deleteOffer('pv', 'all'), { ...replacing, replaceExisting: false }];

  const afterSale = (sale: Trade, ...later: readonly MarketEvent[]) => {
    const b = bench();
    b.hear(tick(SLOT, 0.1));
    b.at(0, () => b.give(offerEnergy('pv', 1, 10)));
    b.at(100, () => b.hear(sale, ...later));
    b.at(200, () => b.give(replacing));
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(['accepted', 'accepted']);
    return commandsSent(b)[1];
  };

  it('replaces offers by deleting all and adding, once one was traded in full', () => {
    expect(afterSale(trade({}))).to.deep.equal({ pv: instead });
  });

  it('replaces offers plainly while they are traded in part', () => {
    expect(afterSale(trade({ energyKWh: 0.4, residualOfferId: 'rest' }))).to.deep.equal({ pv: [replacing] });
  });

  it('follows a residual order until it too is traded in full', () => {
    const part = trade({ energyKWh: 0.4, residualOfferId: 'rest' });
    expect(afterSale(part, trade({ energyKWh: 0.6, offerId: 'rest' }))).to.deep.equal({ pv: instead });
  });

  it('follows residual orders whose ids are not told', () => {
    const part = trade({ energyKWh: 0.4 });
    expect(afterSale(part, trade({ energyKWh: 0.6, offerId: 'unheard of' }))).to.deep.equal({ pv: instead });
  });

  it('forgets with the slot', () => {
    expect(afterSale(trade({}), tick(NEXT_SLOT, 0))).to.deep.equal({ pv: [replacing] });
  });

  const deleting = (id: string, ...before: readonly MarketEvent[]) => {
    const b = bench();
    b.hear(tick(SLOT, 0.1));
    b.at(0, () => b.give(offerEnergy('pv', 1, 10)));
    b.at(100, () => b.hear(...before));
    b.at(100, () => b.give(deleteOffer('pv', id)));
    b.run();
    return b.outcomes[1]!.kind;
  };

  it('deletes an offer by its id when it was accepted in this slot', () => {
    expect(deleting('order')).to.equal('accepted');
    expect(deleting('rest', trade({ energyKWh: 0.4, residualOfferId: 'rest' }))).to.equal('accepted');
  });

  it('refuses to delete offers by ids that are unknown, of another slot, or near the end of the slot', () => {
    expect(deleting('unknown')).to.equal('refused');
    expect(deleting('order', tick(NEXT_SLOT, 0))).to.equal('refused');
    expect(deleting('order', tick(SLOT, 0.8))).to.equal('refused');
  });

  it('refuses to delete by id what a replacing offer may have done away with already', () => {
    const b = bench();
    b.hear(tick(SLOT, 0.1));
    b.at(0, () => b.give(offerEnergy('pv', 1, 10)));
    b.at(100, () => b.respondWith(() => of({ receivers: 1 })));
    b.at(100, () => b.give(offerEnergy('pv', 1, 9)));
    b.at(101, () => b.give(deleteOffer('pv', 'order')));
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(['accepted', 'refused', 'unanswered']);
  });

  it('sends a past slot only while the newest event lists it, and not near the end of a slot', () => {
    const settle = bidEnergy('load', 0.5, 5, { timeSlot: '2026-06-21T10:00' });
    const outcomeAt = (progress: number, command: Command) => {
      const b = bench();
      b.hear(tick(SLOT, progress));
      b.give(command);
      b.run();
      return b.outcomes[0]!.kind;
    };
    expect(outcomeAt(0.1, settle)).to.equal('accepted');
    expect(outcomeAt(0.8, settle)).to.equal('refused');
    expect(outcomeAt(0.1, { ...settle, timeSlot: '2026-06-21T09:45' })).to.equal('refused');
    expect(outcomeAt(0.1, listBids('load', { timeSlot: SLOT }))).to.equal('refused');
  });

  it('refuses load bids in a one-sided market', () => {
    const b = bench({ marketType: 'one-sided' });
    b.hear(tick(SLOT, 0.1));
    b.give(bidEnergy('load', 1, 1), deleteBid('load', 'all'), listBids('load'), offerEnergy('pv', 1, 1));
    b.run();
    expect(kinds(b.outcomes)).to.deep.equal(['refused', 'refused', 'refused', 'accepted']);
  });

  it('refuses attributes and requirements where they were not declared', () => {
    const outcome = (degreesOfFreedom: boolean) => {
      const b = bench({ degreesOfFreedom });
      b.give(bidEnergy('load', 1, 1, { requirements: [{ rate: 12 }] }));
      b.run();
      return b.outcomes[0]!.kind;
    };
    expect(outcome(false)).to.equal('refused');
    expect(outcome(true)).to.equal('accepted');
  });
});

describe('one outcome per command', () => {
  type Answer =
    | 'at once'
    | 'late'
    | 'too late'
    | 'twice'
    | 'never'
    | 'partly'
    | 'foreign'
    | 'error'
    | 'nobody'
    | 'throws';
  const answers: readonly Answer[] = [
    'at once',
    'late',
    'too late',
    'twice',
    'never',
    'partly',
    'foreign',
    'error',
    'nobody',
    'throws',
  ];
  const command = fc.oneof(
    fc
      .record({
        area: fc.constantFrom('load', 'pv', 'house', 'neighbour'),
        price: fc.oneof(fc.integer({ min: -1, max: 9 }), fc.constant(NaN)),
        replaceExisting: fc.boolean(),
        offer: fc.boolean(),
      })
      .map(({ area, price, replaceExisting, offer }): Command =>
        (offer ? offerEnergy : bidEnergy)(area, 1, price, { replaceExisting }),
      ),
    fc
      .constantFrom<() => Command>(
        () => deleteOffer('pv', 'all'),
        () => deleteOffer('pv', 'order'),
        () => listBids('load'),
        () => gridFees('house', 1),
      )
      .map((make) => make()),
    fc.anything().map((garbage) => garbage as Command),
  );
  const step = fc.oneof(
    fc.record({ kind: fc.constant('command' as const), command }),
    fc.record({
      kind: fc.constant('tick' as const),
      slot: fc.constantFrom(SLOT, NEXT_SLOT),
      progress: fc.constantFrom(0, 0.5, 0.9),
    }),
  );
  const scenario = fc.record({
    steps: fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), step), { maxLength: 40 }),
    answers: fc.array(fc.constantFrom(...answers), { minLength: 1, maxLength: 20 }),
    end: fc.constantFrom('complete' as const, 'error' as const),
    endAt: fc.integer({ min: 0, max: 400 }),
    cutAt: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
    finishAt: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
    quietMs: fc.constantFrom(0, 5, 30),
    maxCommands: fc.constantFrom(1, 3, 1_000),
  });

  it('holds against any connection', () => {
    fc.assert(
      fc.property(scenario, (s) => {
        const b = bench({ quietMs: s.quietMs, maxWaitMs: 50, maxCommands: s.maxCommands, patienceMs: 100 });
        let batches = 0;
        b.respondWith((batch) => {
          const answer = s.answers[batches % s.answers.length]!;
          batches += 1;
          const later = (delay: number, event: BatchResponse) => b.at(delay, () => b.hear(event));
          const reply = replyTo(batch);
          switch (answer) {
            case 'at once':
              b.hear(reply);
              break;
            case 'late':
              later(50, reply);
              break;
            case 'too late':
              later(200, reply);
              break;
            case 'twice':
              later(10, reply);
              later(20, reply);
              break;
            case 'partly':
              later(10, { ...reply, replies: new Map([...reply.replies].slice(1)) });
              break;
            case 'foreign':
              later(10, { ...reply, transactionId: 'foreign' });
              break;
            case 'error':
              return throwError(() => new Error('broken'));
            case 'nobody':
              return of({ receivers: 0 });
            case 'throws':
              throw new Error('broken');
            case 'never':
              return NEVER;
          }
          return concat(
            defer(() => EMPTY),
            of({ receivers: 1 }),
          );
        });
        const given: Command[] = [];
        for (const [time, event] of s.steps)
          b.at(time, () => {
            if (event.kind === 'tick') {
              b.hear(tick(event.slot, event.progress));
            } else if (time < s.endAt) {
              given.push(event.command);
              b.give(event.command);
            }
          });
        b.at(s.endAt, () =>
          s.end === 'complete' ? b.commandSubject.complete() : b.commandSubject.error('end'),
        );
        if (s.cutAt !== undefined) b.at(s.cutAt, () => b.eventSubject.complete());
        if (s.finishAt !== undefined) b.at(s.finishAt, () => b.hear({ kind: 'finished', grid }));
        b.run();

        const concluded = b.outcomes.map((outcome): unknown => outcome.command);
        for (const one of new Set<unknown>(given)) {
          const times = (list: readonly unknown[]) => list.filter((other) => Object.is(one, other)).length;
          expect(times(concluded)).to.equal(times(given));
        }
        expect(concluded).to.have.length(given.length);
        expect(b.ended).to.deep.equal([s.end === 'complete' ? 'complete' : 'end']);
        const transactions = b.sent.map(({ batch }) => batch.transactionId);
        expect(new Set(transactions).size).to.equal(transactions.length);
      }),
      { numRuns: 500 },
    );
  });
});
