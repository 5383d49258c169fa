import { expect } from 'chai';
import { bidEnergyRate } from '../lib/commands.ts';
import { indexGrid } from '../lib/grid/grid.ts';
import type { Outcome } from '../lib/model/outcomes.ts';
import { openOrders } from '../lib/openOrders.ts';

const SLOT = '2026-06-21T12:00';
const place = { areaUuid: 'a load', side: 'bid' } as const;

const accepted = (id: string, replaceExisting = true): Outcome => ({
  kind: 'accepted',
  command: bidEnergyRate('a load', 1, 20, { replaceExisting }),
  transactionId: 'a-transaction',
  granted: {
    command: 'bid',
    order: {
      ...{ side: 'bid', id, energyKWh: 1, rate: 20, priceCents: 20, originalPriceCents: 20, slot: SLOT },
      ...{ createdAt: `${SLOT}:00`, traderName: 'A load', traderUuid: 'a load' },
    },
    marketType: 'Spot Market',
    message: '',
  },
});

/** Orders in a slot that has begun, and what was told of those that ended. */
const inSlot = () => {
  const ended: string[] = [];
  const orders = openOrders((id) => ended.push(id));
  orders.hear({ kind: 'tick', slot: SLOT, progress: 0, grid: indexGrid([], 'cents/kWh') });
  const ids = () => orders.at(place).map(({ id }) => id);
  return { orders, ended, ids };
};

describe('the open orders', () => {
  it('are the newest one where each takes the place of the one before', () => {
    const { orders, ended, ids } = inSlot();
    for (const id of ['one', 'two', 'three']) orders.conclude(accepted(id));
    expect(ids()).to.deep.equal(['three']);
    expect(ended).to.deep.equal(['one', 'two']);
  });

  it('are all that were added, in their order', () => {
    const { orders, ended, ids } = inSlot();
    for (const id of ['one', 'two']) orders.conclude(accepted(id, false));
    expect(ids()).to.deep.equal(['one', 'two']);
    expect(ended).to.be.empty;
  });

  for (const replaceExisting of [true, false])
    it(`have an order once that the exchange had listed before its outcome came, ${replaceExisting ? 'alone' : 'beside others'}`, () => {
      const { orders, ended, ids } = inSlot();
      const listed = [{ id: 'new', energyKWh: 1, priceCents: 20 }];
      orders.correct(place, replaceExisting ? listed : [{ ...listed[0]!, id: 'old' }, ...listed]);
      orders.conclude(accepted('new', replaceExisting));
      expect(ids()).to.deep.equal(replaceExisting ? ['new'] : ['old', 'new']);
      expect(ended).to.be.empty;
    });

  it('have what is left of a traded one under its new id, in its place', () => {
    const { orders, ended, ids } = inSlot();
    for (const id of ['one', 'two']) orders.conclude(accepted(id, false));
    orders.hear({
      ...{ kind: 'trade', tradeId: 'a trade', assetUuid: 'a load', assetName: 'A load', side: 'bought' },
      ...{ time: `${SLOT}:00`, energyKWh: 0.4, priceCents: 8, rate: 20, feeCents: 0 },
      ...{ sellerOrigin: 'anonymous', buyerOrigin: 'A load', bidId: 'one', residualBidId: 'rest of one' },
      grid: indexGrid([], 'cents/kWh'),
    });
    expect(ids()).to.deep.equal(['rest of one', 'two']);
    expect(orders.at(place)[0]).to.deep.include({ energyKWh: 0.6, priceCents: 12 });
    expect(ended).to.deep.equal(['one']);
  });
});
