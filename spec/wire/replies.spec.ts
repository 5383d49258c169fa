import { expect } from 'chai';
import { isRight } from 'fp-ts/lib/Either.js';
import type { CommandReply } from '../../lib/model/replies.ts';
import { batchResponseChannel } from '../../lib/wire/channels.ts';
import { decode } from './decode.ts';
import { answerOf, decoded } from './recorded.ts';

const repliesOf = (file: string, name: string): readonly CommandReply[] =>
  [...decoded('batch-response', answerOf(file, name)).replies.values()].flat();

const grantedBy = (file: string, name: string) =>
  repliesOf(file, name).map((reply) => (reply.status === 'ready' ? reply.granted : reply));

const response = (reply: unknown) => ({
  channel: batchResponseChannel('an-aggregator'),
  data: JSON.stringify({
    command: 'batch_commands',
    transaction_id: 't',
    aggregator_uuid: 'an-aggregator',
    responses: { area: [reply] },
  }),
});

const failureOf = (reply: unknown) => {
  const result = decode(response(reply), { feeUnit: 'cents/kWh' });
  return isRight(result) ? undefined : { at: result.left.at, expected: result.left.expected };
};

describe('decode, on replies to batches', () => {
  it('gives the replies of every area in the order of its commands', () => {
    const { transactionId, aggregatorUuid, replies } = decoded(
      'batch-response',
      answerOf('batch-commands', 'several-areas'),
    );
    expect({ transactionId, aggregatorUuid }).to.deep.equal({
      transactionId: '29783560-3b6c-46ae-b2dc-350e3a41fc5a',
      aggregatorUuid: 'ccae40d9-4881-42a8-9005-0533f6a676a4',
    });
    const commands = [...replies].map(([areaUuid, ofArea]) => [
      areaUuid,
      ofArea.map((reply) => reply.status === 'ready' && reply.granted.command),
    ]);
    expect(commands).to.deep.equal([
      ['9f67ca55-fa0a-47d4-b8f9-7adb2e3270d7', ['bid', 'asset-info']],
      ['f46fce27-dabf-4375-a6da-d890be5f0f06', ['asset-info']],
      ['d57fb8ce-e381-4e44-8370-c87e5c3b5b28', ['dso-market-stats']],
    ]);
  });

  describe('what was granted', () => {
    it('is the whole order for a bid', () => {
      expect(grantedBy('batch-commands', 'load-bid')).to.deep.equal([
        {
          command: 'bid',
          marketType: 'Spot Market',
          message: '',
          order: {
            side: 'bid',
            id: 'da45206d-1160-4838-8124-ca5b9cce3517',
            energyKWh: 0.05,
            rate: 10,
            priceCents: 0.5,
            originalPriceCents: 0.5,
            createdAt: '2026-11-22T03:02:00',
            slot: '2026-11-22T03:00',
            traderName: 'Load 1 L13',
            traderUuid: '9f67ca55-fa0a-47d4-b8f9-7adb2e3270d7',
          },
        },
      ]);
    });

    it('is the order with the fee in its price for an offer, whose slot may come back without seconds', () => {
      const [offer, listed] = grantedBy('settlement-and-future', 'settlement-offer');
      expect(offer).to.deep.include({ command: 'offer', marketType: 'Settlement Market' });
      expect(offer).to.have.property('order').that.includes({
        side: 'offer',
        rate: 31,
        priceCents: 15.5,
        originalPriceCents: 15,
        slot: '2026-11-22T00:00',
        traderName: 'FC pv',
      });
      expect(listed).to.deep.equal({
        command: 'list-offers',
        orders: [{ id: 'a8857c5c-f510-4176-8155-1bbfbbcb07a7', energyKWh: 0.5, priceCents: 15.5 }],
      });
    });

    it('names the arguments that the market does not support', () => {
      const [bid] = grantedBy('degrees-of-freedom-disabled', 'load-bid-both');
      expect(bid).to.have.property('message').that.includes('not supported');
    });

    it('is the ids of the deleted orders, whatever the exchange calls the command', () => {
      expect(grantedBy('batch-commands', 'load-delete-one-bid')).to.deep.equal([
        { command: 'delete-bid', deletedIds: ['9bd2740f-4092-4c2b-b3d7-7a7cdf9ae787'] },
        {
          command: 'list-bids',
          orders: [{ id: 'e544613a-a036-43a9-82b2-9f91aec9faaf', energyKWh: 0.01, priceCents: 0.1 }],
        },
      ]);
      expect(grantedBy('batch-commands', 'storage-delete-offer')).to.deep.equal([
        { command: 'delete-offer', deletedIds: ['152acbb9-8948-4016-970f-296c3af59e75'] },
      ]);
    });

    it('is the energies of an asset', () => {
      expect(grantedBy('batch-commands', 'meter-device-info')).to.deep.equal([
        {
          command: 'asset-info',
          info: { kind: 'smart-meter', energyRequirementKWh: 0.5, availableEnergyKWh: 0 },
        },
      ]);
    });

    it('is nothing more than the consent for a forecast and a measurement', () => {
      const granted = [{ command: 'set-energy-forecast' }, { command: 'set-energy-measurement' }];
      expect(grantedBy('settlement-and-future', 'forecast-and-measurement')).to.deep.equal([
        ...granted,
        ...granted,
      ]);
    });

    it('is the fee that now holds, as a number', () => {
      expect(grantedBy('batch-commands', 'market-grid-fees-const')).to.deep.equal([
        { command: 'grid-fees', feeConstant: 3.5 },
      ]);
      expect(grantedBy('percentage-fees', 'stats-with-bills')[2]).to.deep.equal({
        command: 'grid-fees',
        feePercent: 2,
      });
    });

    it('is the statistics of a market, its bill in cents', () => {
      expect(grantedBy('percentage-fees', 'stats-with-bills')[3]).to.deep.equal({
        command: 'dso-market-stats',
        areaName: 'House 2',
        stats: {
          minRate: 24.3220339,
          maxRate: 34.62857143,
          averageRate: 27.75754641,
          medianRate: 24.3220339,
          tradedEnergyKWh: 0.35,
          feeRevenueCents: 0.0960561565661,
          importKWh: 0.2,
          exportKWh: 0.15,
          selfSufficiency: 0,
          selfConsumption: 0,
          accumulatedTrades: { boughtKWh: 0.2, soldKWh: 0.15, spentCents: 4.81978, earnedCents: 5.14286 },
        },
      });
    });

    it('is no statistics at all before the first slot has finished', () => {
      expect(grantedBy('percentage-fees', 'stats-before-the-first-finished-slot-and-fees')[0]).to.deep.equal({
        command: 'dso-market-stats',
        areaName: 'Community Ünit/1',
        stats: {},
      });
    });
  });

  describe('a refusal', () => {
    const reasons = (name: string) =>
      repliesOf('batch-commands', name).map((reply) => (reply.status === 'error' ? reply.reason : reply));

    it('gives the reason from whichever key it stands under', () => {
      expect(reasons('load-list-bids-unknown-slot')).to.deep.equal([
        'Error when listing bids on area Load 1 L13.',
      ]);
      expect(reasons('load-no-type')).to.deep.equal(['Invalid command type']);
      expect(reasons('load-unknown-type')[0])
        .to.be.a('string')
        .that.matches(/^Command type not supported/);
    });

    it('is understood where it names a wrong command, or none that is known', () => {
      expect(reasons('pv-bid')[0]).to.be.a('string').that.includes('Bid not supported for PV');
      expect(repliesOf('batch-commands', 'load-unknown-type')).to.have.length(1);
    });

    it('stands beside what was granted to other commands', () => {
      expect(repliesOf('percentage-fees', 'stats-with-bills').map(({ status }) => status)).to.deep.equal([
        'ready',
        'error',
        'ready',
        'ready',
      ]);
    });

    it('has a reason even where the exchange gives none, or a strange one', () => {
      const reasonOf = (reply: object) =>
        decoded('batch-response', response({ status: 'error', ...reply })).replies.get('area')?.[0];
      expect(reasonOf({})).to.deep.equal({ status: 'error', reason: 'no reason given' });
      expect(reasonOf({ message: ['a ', 'b'] })).to.deep.equal({ status: 'error', reason: 'a b' });
      expect(reasonOf({ message: { code: 3 } })).to.deep.equal({ status: 'error', reason: '{"code": 3}' });
    });
  });

  it('fails where a reply does not say whether it grants or refuses', () => {
    const at = '$.responses.area[0]';
    const expected = 'a reply with status "ready" or "error"';
    expect(failureOf({})).to.deep.equal({ at, expected });
    expect(failureOf({ command: 'bid', status: 'maybe' })).to.deep.equal({ at, expected });
  });

  it('fails where what was granted is not told', () => {
    expect(failureOf({ status: 'ready', command: 'foo' })).to.have.property(
      'at',
      '$.responses.area[0].command',
    );
    for (const bid of ['{"id":', '[]', { type: 'Bid' }, null])
      expect(failureOf({ status: 'ready', command: 'bid', bid, market_type: 'Spot Market' })).to.deep.equal({
        at: '$.responses.area[0].bid',
        expected: 'a bid, as JSON in a string',
      });
    expect(
      failureOf({ status: 'ready', command: 'bid', bid: '{"type": "Bid"}', market_type: 'Spot Market' }),
    ).to.have.property('at', '$.responses.area[0].bid.buyer');
  });

  it('is not deceived by a key named __proto__', () => {
    const spoof = '{"status": "error", "__proto__": {"command": "bid", "status": "ready"}}';
    const frame = response('SPOOF');
    const { replies } = decoded('batch-response', { ...frame, data: frame.data.replace('"SPOOF"', spoof) });
    expect(replies.get('area')).to.deep.equal([{ status: 'error', reason: 'no reason given' }]);
  });
});
