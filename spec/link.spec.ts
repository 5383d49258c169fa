import { expect } from 'chai';
import { EMPTY, NEVER, of, Subject, throwError, VirtualTimeScheduler, type Observable } from 'rxjs';
import { GsyError } from '../lib/errors.ts';
import type { LinkMessage } from '../lib/events.ts';
import { answersIn, ask, isReplyTo, type Question } from '../lib/link.ts';
import type { Delivery } from '../lib/transport/transport.ts';
import type { AggregatorReply } from '../lib/wire/messages.ts';

const reply = (transactionId: string): AggregatorReply => ({
  kind: 'aggregator-reply',
  transactionId,
  status: 'ready',
});

const gone = () => new GsyError('ERR_GSY_TRANSPORT', 'no connection');

/** A question for the transaction `t`, and what was heard of it in virtual time. */
const asking = (
  sending: (sends: number) => Observable<Delivery>,
  more: Partial<Question<AggregatorReply>> = {},
  linkSubject = new Subject<LinkMessage>(),
) => {
  const scheduler = new VirtualTimeScheduler();
  const heard: (string | GsyError)[] = [];
  let sends = 0;
  const link = {
    link$: linkSubject,
    answers: answersIn(linkSubject),
    send: () => sending((sends += 1)),
    listeners: () => NEVER,
    scheduler,
  };
  const answer$ = ask(link, {
    request: { kind: 'area-map' },
    isAnswer: isReplyTo('t'),
    transactionId: 't',
    patienceMs: 10_000,
    silence: 'nobody has answered',
    ...more,
  });
  const subscription = answer$.subscribe({
    next: ({ transactionId }) => heard.push(transactionId),
    error: (error: GsyError) => heard.push(error),
    complete: () => heard.push('the end'),
  });
  const messages = () => heard.map((each) => (each instanceof GsyError ? each.message : each));
  return { linkSubject, scheduler, messages, subscription, sends: () => sends };
};

describe('a question to the exchange', () => {
  it('is over with its answer, and leaves nothing behind', () => {
    const { linkSubject, scheduler, messages, sends } = asking(() => of({ receivers: 1 }), {
      askAgainMs: 1_000,
    });
    linkSubject.next(reply('another'));
    linkSubject.next(reply('t'));
    linkSubject.next(reply('t'));
    scheduler.flush();
    expect(messages()).to.deep.equal(['t', 'the end']);
    expect([sends(), scheduler.now()]).to.deep.equal([1, 0]);
    expect(linkSubject.observed).to.equal(false);
  });

  it('hears an answer that comes before the sending is over', () => {
    const linkSubject = new Subject<LinkMessage>();
    const question = asking(
      () => {
        linkSubject.next(reply('t'));
        return NEVER;
      },
      {},
      linkSubject,
    );
    expect(question.messages()).to.deep.equal(['t', 'the end']);
  });

  it('says that nobody has answered when its patience ends', () => {
    const { scheduler, messages, sends } = asking(() => of({}));
    scheduler.flush();
    expect(messages()).to.deep.equal(['nobody has answered']);
    expect([sends(), scheduler.now()]).to.deep.equal([1, 10_000]);
  });

  it('is asked again, and outlives the troubles of the connection; the last of them tells why there is no answer', () => {
    const { scheduler, messages, sends } = asking((time) => (time < 3 ? throwError(gone) : EMPTY), {
      askAgainMs: 4_000,
    });
    scheduler.flush();
    expect(messages()).to.deep.equal(['no connection']);
    expect(sends()).to.equal(3);
  });

  it('ends at once with a trouble where it is not asked again, and with one that stays', () => {
    expect(asking(() => throwError(gone)).messages()).to.deep.equal(['no connection']);
    const refused = () => new GsyError('ERR_GSY_TRANSPORT', 'no rights', { status: 403 });
    const question = asking(() => throwError(refused), { askAgainMs: 1_000 });
    question.scheduler.flush();
    expect(question.messages()).to.deep.equal(['no rights']);
    expect(question.sends()).to.equal(1);
  });

  it('ends at once where nobody listens, if that is said', () => {
    const nobody = { code: 'ERR_GSY_UNKNOWN_AREA', message: 'nobody is there' } as const;
    expect(asking(() => of({ receivers: 0 }), { nobody }).messages()).to.deep.equal(['nobody is there']);
    expect(asking(() => of({ receivers: 0 })).messages()).to.deep.equal([]);
  });

  it('ends with the connection', () => {
    const { linkSubject, scheduler, messages, sends } = asking(() => EMPTY, { askAgainMs: 1_000 });
    linkSubject.complete();
    scheduler.flush();
    expect(messages()).to.deep.equal(['the connection was closed before an answer came']);
    expect(sends()).to.equal(1);
  });

  it('is asked no more when nobody wants to know', () => {
    const { linkSubject, scheduler, messages, subscription, sends } = asking(() => EMPTY, {
      askAgainMs: 1_000,
    });
    subscription.unsubscribe();
    scheduler.flush();
    expect(messages()).to.deep.equal([]);
    expect([sends(), linkSubject.observed]).to.deep.equal([1, false]);
  });
});
