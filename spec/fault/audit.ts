import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { filter, first, firstValueFrom, merge, Subject, tap, type Observable } from 'rxjs';
import type { Outcome } from 'gsy-rx';
import type { ExchangeBus } from 'gsy-rx/sandbox';
import { batchChannel, batchResponseChannel } from '../../lib/wire/channels.ts';
import type { Frame } from '../../lib/wire/messages.ts';

/** What an auditor sees at the exchange's end. */
export interface Audit {
  /** The end that the exchange is to use. */
  readonly bus: ExchangeBus;
  /** The transaction of each batch that arrives. */
  readonly arrived$: Observable<unknown>;
  /** The prices of an asset's bids in the book. */
  readonly openBids: (areaUuid: string) => Promise<readonly number[]>;
  /**
   * No batch has arrived twice, and the order book holds what was accepted once, nothing twice, and nothing that was
   * not sent. Bids are known by their prices.
   */
  readonly expectSound: (areaUuid: string, outcomes: readonly Outcome[]) => Promise<void>;
}

type Json = Readonly<Record<string, unknown>>;

const parsed = ({ data }: Frame): Json => JSON.parse(Buffer.from(data).toString()) as Json;

const AUDITOR = 'auditor';

/** Puts an auditor between the exchange and this bus: batches of its own are answered to it alone. */
export const audited = (bus: ExchangeBus): Audit => {
  const orderSubject = new Subject<Frame>();
  const answerSubject = new Subject<Json>();
  const arrivedSubject = new Subject<unknown>();
  const transactions: unknown[] = [];
  arrivedSubject.subscribe((transaction) => transactions.push(transaction));
  const openBids = async (areaUuid: string): Promise<readonly number[]> => {
    const transaction_id = randomUUID();
    const answer = firstValueFrom(
      answerSubject.pipe(first((each) => each.transaction_id === transaction_id)),
    );
    orderSubject.next({ channel: batchChannel(), data: listingOf(areaUuid, transaction_id) });
    const { responses } = (await answer) as { readonly responses: Readonly<Record<string, readonly Json[]>> };
    const [{ bid_list = [] } = {}] = responses[areaUuid] ?? [];
    return (bid_list as readonly Json[]).map(({ price }) => Number(price));
  };
  return {
    bus: {
      publish: (channel, data) => {
        if (channel !== batchResponseChannel(AUDITOR)) return bus.publish(channel, data);
        answerSubject.next(parsed({ channel, data }));
        return 1;
      },
      frames: (channels) =>
        merge(
          bus.frames(channels).pipe(
            tap((frame) => {
              if (frame.channel === batchChannel()) arrivedSubject.next(parsed(frame).transaction_id);
            }),
          ),
          orderSubject.pipe(filter(({ channel }) => channels.includes(channel))),
        ),
    },
    arrived$: arrivedSubject.asObservable(),
    openBids,
    expectSound: async (areaUuid, outcomes) => {
      expect(new Set(transactions).size).to.equal(transactions.length);
      expectInBook(await openBids(areaUuid), outcomes);
    },
  };
};

const listingOf = (areaUuid: string, transaction_id: string): string =>
  JSON.stringify({
    aggregator_uuid: AUDITOR,
    transaction_id,
    batch_commands: { [areaUuid]: [{ type: 'list_bids' }] },
  });

const expectInBook = (prices: readonly number[], outcomes: readonly Outcome[]): void => {
  expect(new Set(prices).size).to.equal(prices.length);
  for (const outcome of outcomes) {
    const { kind, command } = outcome;
    if (kind === 'unanswered' || command.kind !== 'bid') continue;
    expect(prices.includes(command.priceCents), JSON.stringify(outcome)).to.equal(kind === 'accepted');
  }
};
