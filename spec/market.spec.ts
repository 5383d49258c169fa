import { expect } from 'chai';
import { firstValueFrom, of, Subject, VirtualTimeScheduler, type Observable } from 'rxjs';
import type { LinkMessage } from '../lib/events.ts';
import { answersIn, type Link } from '../lib/link.ts';
import { askDsoMarketStats, setGridFees } from '../lib/market.ts';
import type { AreaReply, Request } from '../lib/wire/messages.ts';
import { failure } from './transport/restClients.ts';

/** A link whose exchange answers each question with these replies, one after the other. */
const linkTo = (...replies: readonly Partial<AreaReply>[]) => {
  const scheduler = new VirtualTimeScheduler();
  const linkSubject = new Subject<LinkMessage>();
  const sent: Request[] = [];
  const link: Link = {
    link$: linkSubject,
    answers: answersIn(linkSubject),
    send: (request) => {
      sent.push(request);
      const { transactionId } = request as { transactionId: string };
      const usual = {
        kind: 'area-reply',
        channelName: 'house',
        command: 'grid_fees',
        transactionId,
      } as const;
      for (const reply of replies)
        scheduler.schedule(() =>
          linkSubject.next({ ...usual, reply: { status: 'error', reason: 'no' }, ...reply }),
        );
      return of({ receivers: 1 });
    },
    listeners: () => of(undefined),
    scheduler,
  };
  const settled = <T>(promise: Promise<T>): Promise<T> => {
    promise.catch(() => undefined);
    scheduler.flush();
    return promise;
  };
  return {
    ...{ link, sent, scheduler },
    result: <T>(asked: Observable<T>) => settled(firstValueFrom(asked)),
    trouble: (asked: Observable<unknown>) => settled(failure(asked)),
  };
};

const ready = (feeConstant: number): Partial<AreaReply> => ({
  reply: { status: 'ready', granted: { command: 'grid-fees', feeConstant } },
});
const notOurs = { transactionId: undefined as never };

describe('setGridFees', () => {
  it('gives the fee as the exchange took it', async () => {
    const { link, sent, result } = linkTo(ready(2));
    expect(await result(setGridFees(link, 'house', { centsPerKWh: 2 }))).to.deep.equal({ feeConstant: 2 });
    expect(sent).to.have.length(1);
    expect(sent[0]).to.deep.include({ kind: 'grid-fees', channelName: 'house', fee: { centsPerKWh: 2 } });
  });

  it('does not take the answer with the old fee for success', async () => {
    const { link, trouble } = linkTo(ready(1));
    const error = await trouble(setGridFees(link, 'house', { centsPerKWh: 2 }));
    expect(error).to.include({ code: 'ERR_GSY_REFUSED' });
    expect(error.message).to.include('keeps the grid fee that it had');
  });

  it('takes an error without a transaction for its own, which says that the market is not registered', async () => {
    const { link, trouble } = linkTo(notOurs);
    const error = await trouble(setGridFees(link, 'house', { centsPerKWh: 2 }));
    expect(error).to.include({ code: 'ERR_GSY_REFUSED' });
    expect(error.message).to.equal('The exchange refused it to house: no');
  });

  it('does not take answers of other markets, to other questions or other clients for its own', async () => {
    const { link, result } = linkTo(
      { ...ready(3), transactionId: 'of another client' },
      { ...ready(4), channelName: 'other' },
      { ...ready(5), command: 'dso_market_stats' },
      ready(2),
    );
    expect(await result(setGridFees(link, 'house', { centsPerKWh: 2 }))).to.deep.equal({ feeConstant: 2 });
  });

  it('sends no fee that would deafen the exchange', async () => {
    const { link, sent, trouble } = linkTo();
    for (const fee of ['2', null, Number.NaN, -1, [], {}])
      for (const asked of [{ centsPerKWh: fee }, { percent: fee }])
        expect(await trouble(setGridFees(link, 'house', asked as never))).to.include({
          code: 'ERR_GSY_OPTIONS',
        });
    expect(await trouble(setGridFees(link, 'house', {} as never))).to.include({ code: 'ERR_GSY_OPTIONS' });
    expect(sent).to.be.empty;
  });
});

describe('askDsoMarketStats', () => {
  it('says that nobody answered, after ticks that are far apart', async () => {
    const { link, scheduler, trouble } = linkTo();
    const error = await trouble(askDsoMarketStats(link, 'house'));
    expect(error).to.include({ code: 'ERR_GSY_NO_EXCHANGE' });
    expect(scheduler.now()).to.equal(120_000);
  });
});
