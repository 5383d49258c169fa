import { expect } from 'chai';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import type { Area, FeeUnit } from '../../lib/model/grid.ts';
import { eventsChannel } from '../../lib/wire/channels.ts';
import { decode } from './decode.ts';
import { answerOf, decoded } from './recorded.ts';

const channel = eventsChannel('an-aggregator');

const marketEvent = (gridTree: unknown, more: object = {}) => ({
  channel,
  data: JSON.stringify({
    event: 'market',
    slot_completion: '0%',
    market_slot: '2026-01-31T13:45',
    grid_tree: gridTree,
    ...more,
  }),
});

const tradeEvent = (more: object, gridTree: unknown = {}) => ({
  channel,
  data: JSON.stringify({
    event: 'trade',
    grid_tree: gridTree,
    trade_list: [
      {
        asset_id: 'the-asset',
        trade_id: 't',
        time: '2026-11-22T02:50:00+00:00',
        trade_price: 3,
        traded_energy: 0.5,
        total_fee: 0,
        local_market_fee: 'None',
        seller: 'Twin',
        buyer: 'Twin',
        seller_origin: 'Twin',
        buyer_origin: 'Twin',
        bid_id: 'None',
        offer_id: 'None',
        residual_bid_id: 'None',
        residual_offer_id: 'None',
        ...more,
      },
    ],
  }),
});

const tree = (assetInfo: unknown) => ({
  root: { area_name: 'Grid', children: { 'the-asset': { area_name: 'Twin', asset_info: assetInfo } } },
});

const loadInfo = { energy_requirement_kWh: 1, energy_active_in_bids: 0, energy_traded: 0, total_cost: 0 };
const pvInfo = { available_energy_kWh: 1, energy_active_in_offers: 0, energy_traded: 0, total_cost: 0 };

const named = (areas: readonly Area[], name: string) => areas.find((area) => area.name === name);

describe('decode, on events', () => {
  describe('a market event', () => {
    it('gives the slot, its progress and the two rates', () => {
      const event = decoded('market-slot', answerOf('aggregator-events', 'market'));
      expect(event).to.include({
        slot: '2026-11-22T01:00',
        progress: 0,
        feedInTariffRate: 21,
        marketMakerRate: 22,
      });
    });

    it('has neither rates nor areas in the first slot', () => {
      const event = decoded('market-slot', answerOf('aggregator-events', 'market-first-slot'));
      expect(event).to.deep.equal({
        kind: 'market-slot',
        slot: '2026-11-22T00:00',
        progress: 0,
        areas: [],
        unreadable: [],
      });
    });

    it('flattens the grid tree, parents before children', () => {
      const { areas } = decoded('market-slot', answerOf('aggregator-events', 'market'));
      expect(areas).to.have.length(14);
      const seen = new Set<string>();
      for (const { uuid, parentUuid } of areas) {
        expect(parentUuid === undefined || seen.has(parentUuid)).to.equal(true);
        seen.add(uuid);
      }
      expect(
        areas.filter(({ parentUuid }) => parentUuid === undefined).map(({ name }) => name),
      ).to.deep.equal(['Grid']);
    });

    it('tells the kinds of assets by their keys', () => {
      const { areas } = decoded('market-slot', answerOf('aggregator-events', 'market'));
      const parentUuid = '989aa233-839e-445a-ad56-46daed9ddedd';
      const lastSlot = { energyTradedKWh: 0, totalCostCents: 0 };
      expect(named(areas, 'Load 1 L13')).to.deep.equal({
        kind: 'load',
        uuid: 'b2e5eed4-236b-4c90-87e4-0278c1005c41',
        name: 'Load 1 L13',
        parentUuid,
        energyRequirementKWh: 0.2,
        energyActiveInBidsKWh: 0,
        energyTradedKWh: 0,
        totalCostCents: 0,
        lastSlot,
      });
      expect(named(areas, 'PV 1 (4kW)')).to.deep.include({
        kind: 'pv',
        parentUuid,
        availableEnergyKWh: 1,
        energyActiveInOffersKWh: 0,
        lastSlot,
      });
      expect(named(areas, 'Tesla Powerwall 3')).to.deep.include({
        kind: 'storage',
        energyToBuyKWh: 5,
        energyToSellKWh: 5,
        freeStorageKWh: 7,
        usedStorageKWh: 7,
      });
      expect(named(areas, 'Meter')).to.deep.include({
        kind: 'smart-meter',
        energyRequirementKWh: 0.5,
        availableEnergyKWh: 0,
      });
      expect(named(areas, 'Market Maker')).to.deep.include({ kind: 'foreign' });
    });

    it('counts open orders as tradable by a storage', () => {
      const storage = {
        energy_to_buy: 4.9,
        energy_to_sell: 4.75,
        energy_active_in_bids: 0.5,
        energy_active_in_offers: 0.25,
        free_storage: 6.4,
        used_storage: 7.6,
        energy_traded: 0,
        total_cost: 0,
      };
      const { areas } = decoded('market-slot', marketEvent(tree(storage)));
      expect(named(areas, 'Twin')).to.include({ tradableToBuyKWh: 5.4, tradableToSellKWh: 5 });
    });

    it('never gives a storage a hair more to trade than the exchange grants', () => {
      const storage = {
        energy_to_buy: 0.1,
        energy_to_sell: 0.3,
        energy_active_in_bids: 0.2,
        energy_active_in_offers: 0,
        free_storage: 1,
        used_storage: 1,
        energy_traded: 0,
        total_cost: 0,
      };
      const { areas } = decoded('market-slot', marketEvent(tree(storage)));
      expect(0.1 + 0.2).to.be.above(0.3);
      expect(named(areas, 'Twin')).to.include({ tradableToBuyKWh: 0.3, tradableToSellKWh: 0.3 });
    });

    it('gives the fees and statistics of markets, absent where there are none', () => {
      const { areas } = decoded('market-slot', answerOf('aggregator-events', 'market'));
      expect(named(areas, 'Grid')).to.deep.include({
        kind: 'market',
        currentFee: 4,
        lastFee: 4,
        lastStats: {
          minRate: 26.25423729,
          maxRate: 26.44067797,
          averageRate: 26.37853108,
          medianRate: 26.44067797,
          tradedEnergyKWh: 0.3,
        },
      });
      expect(named(areas, 'House 1'))
        .to.include({ lastFee: 0 })
        .and.not.have.any.keys('currentFee', 'accumulatedTrades');
    });

    it('gives percentage fees as percent and money in bills as cents', () => {
      const frame = answerOf('aggregator-events', 'market-percent-fees-and-bills');
      const { areas } = decoded('market-slot', frame, { feeUnit: 'percent' });
      expect(named(areas, 'Grid')).to.deep.include({
        currentFee: 4,
        lastFee: 4,
        accumulatedTrades: { boughtKWh: 2.4, soldKWh: 2.4, spentCents: 54.55829, earnedCents: 54.55829 },
        externalTrades: { boughtKWh: 0, soldKWh: 0, spentCents: 0, earnedCents: 0 },
      });
      expect(named(areas, 'Load 1 L13')).to.deep.include({
        bill: {
          boughtKWh: 0.45,
          soldKWh: 0,
          spentCents: 16.2,
          earnedCents: 0,
          totalEnergyKWh: 0.45,
          totalCostCents: 16.2,
          marketFeeCents: 0,
        },
      });
    });

    it('gives the deviations that settlement markets are open for, undefined where none is measured', () => {
      const { areas } = decoded('market-slot', answerOf('aggregator-events', 'market-settlement'));
      const load = named(areas, 'FC load');
      expect(load)
        .to.have.property('unsettledDeviationsKWh')
        .that.deep.equals(
          new Map([
            ['2026-11-22T00:00', 1.47867934],
            ['2026-11-22T01:00', 1.5],
            ['2026-11-22T02:00', 1.5],
            ['2026-11-22T03:00', undefined],
          ]),
        );
    });

    it('sets an asset of unknown kind aside, and tells', () => {
      const heatPump = { area_name: 'Heat pump', asset_info: { heat_demand_kWh: 3 } };
      const grid = { root: { area_name: 'Grid', children: { h: heatPump } } };
      const { areas, unreadable } = decoded('market-slot', marketEvent(grid));
      expect(named(areas, 'Heat pump')).to.deep.equal({
        kind: 'foreign',
        uuid: 'h',
        name: 'Heat pump',
        parentUuid: 'root',
      });
      expect(unreadable).to.deep.equal([
        {
          kind: 'decode-failure',
          channel,
          at: '$.grid_tree.root.children.h.asset_info',
          expected: 'the figures of a load, PV, storage or smart meter',
          sample: '{"heat_demand_kWh": 3}',
        },
      ]);
    });

    it('sets an asset with an impossible figure aside, and tells', () => {
      const grid = tree({ ...loadInfo, energy_requirement_kWh: 'much' });
      const { areas, unreadable } = decoded('market-slot', marketEvent(grid));
      expect(named(areas, 'Twin')).to.include({ kind: 'foreign' });
      expect(unreadable.map(({ at, sample }) => [at, sample])).to.deep.equal([
        ['$.grid_tree.root.children["the-asset"].asset_info.energy_requirement_kWh', '"much"'],
      ]);
    });

    it('fails for a market with an impossible fee, which every price depends on', () => {
      const result = decode(
        marketEvent({ root: { area_name: 'Grid', children: {}, current_market_fee: '4' } }),
        { feeUnit: 'cents/kWh' },
      );
      expect(result).to.deep.include({
        left: {
          kind: 'decode-failure',
          channel,
          at: '$.grid_tree.root.current_market_fee',
          expected: 'a finite number or null',
          sample: '"4"',
        },
      });
    });

    it('takes areas named like members of Object.prototype for areas', () => {
      const grid = '{"__proto__": {"area_name": "A", "children": {"constructor": {"area_name": "B"}}}}';
      const frame = marketEvent({});
      const { areas } = decoded('market-slot', {
        ...frame,
        data: frame.data.replace('"grid_tree":{}', `"grid_tree":${grid}`),
      });
      expect(areas.map(({ uuid, name, parentUuid }) => [uuid, name, parentUuid])).to.deep.equal([
        ['__proto__', 'A', undefined],
        ['constructor', 'B', '__proto__'],
      ]);
    });

    it('understands the flat tree of a coefficient market', () => {
      const grid = { a: { type: 'Area', area_name: 'Community' }, b: { type: 'Load', area_name: 'Load' } };
      const { areas } = decoded('market-slot', marketEvent(grid));
      expect(areas).to.deep.equal([
        { kind: 'foreign', uuid: 'a', name: 'Community' },
        { kind: 'foreign', uuid: 'b', name: 'Load' },
      ]);
    });

    it('ignores fields it does not know', () => {
      const event = decoded('market-slot', marketEvent({}, { weather: 'fine' }));
      expect(event).to.not.have.property('weather');
    });
  });

  describe('a tick event', () => {
    it('gives the progress as a share', () => {
      expect(decoded('tick', answerOf('aggregator-events', 'tick-40'))).to.include({
        slot: '2026-11-22T01:00',
        progress: 0.4,
      });
    });

    it('names the simulation of a hosted exchange', () => {
      expect(decoded('tick', answerOf('aggregator-events', 'tick-web-mode'))).to.include({
        simulationId: '84d221fa-46e1-49e0-823b-26cfb3425a5a',
      });
    });

    it('fails for a progress that is no percentage', () => {
      for (const completion of ['80', '101%', '-1%', '1e1%', 80, null]) {
        const frame = marketEvent({}, { event: 'tick', slot_completion: completion });
        expect(decode(frame, { feeUnit: 'cents/kWh' })).to.have.nested.property(
          'left.at',
          '$.slot_completion',
        );
      }
    });
  });

  describe('a trade event', () => {
    it('gives each trade with its rate, and absent ids instead of "None"', () => {
      const { trades } = decoded('trades', answerOf('aggregator-events', 'trade-bought-bid-only'));
      expect(trades).to.deep.equal([
        {
          kind: 'trade',
          tradeId: '31cebcd8-f875-4990-9504-7a076386e70a',
          assetUuid: 'ad507a27-30fd-49b5-a81f-c663160f82aa',
          assetName: 'Load 2 L21',
          side: 'bought',
          time: '2026-11-22T02:53:00+00:00',
          energyKWh: 0.108435,
          priceCents: 3.25305,
          rate: 3.25305 / 0.108435,
          feeCents: 0,
          localMarketFee: 0,
          sellerOrigin: 'Market Maker',
          buyerOrigin: 'Load 2 L21',
          bidId: 'db8517b0-5434-4913-96b1-22d12917052a',
        },
      ]);
    });

    it('knows both sides of a trade between own assets', () => {
      const { trades } = decoded('trades', answerOf('aggregator-events', 'trade-sold-with-residual'));
      expect(trades.map(({ assetName, side }) => [assetName, side])).to.deep.equal([
        ['PV 1 (4kW)', 'sold'],
        ['Load 1 L13', 'bought'],
      ]);
    });

    it('has no fee rate of the local market in the first slot', () => {
      const { trades, areas } = decoded('trades', answerOf('aggregator-events', 'trade-first-slot'));
      expect(areas).to.deep.equal([]);
      expect(trades[0]).to.include({ side: 'sold', assetName: 'Tesla Powerwall 3' });
      expect(trades[0]).to.not.have.property('localMarketFee');
    });

    it('gives the fee rate of the local market in the unit of the run', () => {
      const feeIn = (feeUnit: FeeUnit) =>
        decoded('trades', tradeEvent({ local_market_fee: 0.07 }), { feeUnit }).trades[0]?.localMarketFee;
      expect(feeIn('cents/kWh')).to.equal(0.07);
      expect(feeIn('percent')).to.equal(7);
    });

    it('tells the side between namesakes by the kind of the asset, if that tells', () => {
      const sideOf = (assetInfo: unknown) =>
        decoded('trades', tradeEvent({}, tree(assetInfo))).trades[0]?.side;
      expect(sideOf(loadInfo)).to.equal('bought');
      expect(sideOf(pvInfo)).to.equal('sold');
      expect(sideOf(undefined)).to.equal('ambiguous');
    });

    it('fails for an energy that no rate can be made of', () => {
      for (const energy of [0, -1, 5e-324, '0.5', null]) {
        const result = decode(tradeEvent({ traded_energy: energy }), { feeUnit: 'cents/kWh' });
        expect(result).to.have.nested.property('left.at', '$.trade_list[0].traded_energy');
      }
    });
  });

  it('decodes the end of a run', () => {
    expect(decoded('finished', answerOf('aggregator-events', 'finish'))).to.deep.equal({ kind: 'finished' });
  });

  it('fails for an event of unknown kind', () => {
    for (const event of ['selected', 'constructor', '__proto__', null, ['tick']]) {
      const result = decode({ channel, data: JSON.stringify({ event }) }, { feeUnit: 'cents/kWh' });
      expect(isLeft(result)).to.equal(true);
      expect(result).to.have.nested.property('left.at', '$.event');
      expect(result).to.have.nested.property('left.expected', 'one of market, tick, trade, finish');
    }
  });

  it('fails for infinite numbers, which JSON can carry', () => {
    const frame = marketEvent({}, { market_maker_rate: 'RATE' });
    const withRate = (rate: string) =>
      decode({ ...frame, data: frame.data.replace('"RATE"', rate) }, { feeUnit: 'percent' });
    expect(isRight(withRate('30'))).to.equal(true);
    expect(withRate('1e999')).to.have.nested.property('left.sample', 'Infinity');
    expect(withRate('-1e999')).to.have.nested.property('left.sample', '-Infinity');
  });
});
