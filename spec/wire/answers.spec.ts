import { expect } from 'chai';
import { decode } from './decode.ts';
import { answerOf, decoded, recordedCases } from './recorded.ts';

describe('decode, on everything that is neither event nor batch', () => {
  describe('replies to aggregator commands', () => {
    it('tell that an aggregator was created', () => {
      expect(decoded('aggregator-reply', answerOf('aggregator-commands', 'create'))).to.deep.equal({
        kind: 'aggregator-reply',
        transactionId: 'ccae40d9-4881-42a8-9005-0533f6a676a4',
        status: 'ready',
        name: 'oracle',
      });
    });

    it('tell that an aggregator is there already', () => {
      const reply = decoded(
        'aggregator-reply',
        answerOf('aggregator-commands', 'create-same-transaction-id'),
      );
      expect(reply).to.include({ status: 'error', aggregatorUuid: reply.transactionId });
    });

    it('name the aggregator that holds an area already', () => {
      expect(decoded('aggregator-reply', answerOf('aggregator-commands', 'select-taken'))).to.deep.equal({
        kind: 'aggregator-reply',
        transactionId: '033c626c-b4bd-43f3-9add-b7b865e6b62b',
        status: 'error',
        aggregatorUuid: 'eb23a78b-e933-4c16-b00e-291d9c31eb66',
        areaUuid: '9f67ca55-fa0a-47d4-b8f9-7adb2e3270d7',
        reason: 'Device already have selected ccae40d9-4881-42a8-9005-0533f6a676a4',
        heldBy: 'ccae40d9-4881-42a8-9005-0533f6a676a4',
      });
    });

    it('tell what became of the other commands', () => {
      const statusOf = (name: string) =>
        decoded('aggregator-reply', answerOf('aggregator-commands', name)).status;
      expect(statusOf('select')).to.equal('selected');
      expect(statusOf('unselect')).to.equal('unselected');
      expect(statusOf('delete')).to.equal('deleted');
      expect(statusOf('unselect-wrong-aggregator')).to.equal('error');
    });

    it('fail where the status is none that is known', () => {
      const data = '{"transaction_id": "t", "status": "constructor"}';
      expect(
        decode({ channel: 'aggregator-response', data }, { feeUnit: 'percent' }),
      ).to.have.nested.property('left.at', '$.status');
    });
  });

  describe('replies to register and unregister', () => {
    it('give the uuid of an area by its name, odd as it may be', () => {
      expect(
        decoded('registration-reply', answerOf('registration', 'register-asset-odd-name')),
      ).to.deep.equal({
        kind: 'registration-reply',
        channelName: 'we*ird [a-z]? ñ/x',
        status: 'registered',
        transactionId: '9631947c-6c40-4de3-b39b-8c9661cf7552',
        areaUuid: 'b2f8b165-6c53-4791-b08f-9a6a6e959388',
      });
    });

    it('tell what they were about by their channel', () => {
      expect(decoded('registration-reply', answerOf('registration', 'unregister-asset'))).to.include({
        channelName: 'PV 1 (4kW)',
        status: 'unregistered',
      });
      expect(
        decoded('registration-reply', answerOf('registration', 'unregister-asset-not-connected')),
      ).to.deep.equal({
        kind: 'registration-reply',
        channelName: 'Tesla Powerwall 3',
        status: 'error',
        reason: 'Client should be registered in order to access this area.',
      });
    });

    it('have the uuid alone for a name on an exchange that is addressed by uuids', () => {
      const configurationId = '84d221fa-46e1-49e0-823b-26cfb3425a5a';
      const frames = recordedCases('configuration-id')
        .flatMap(({ received }) => received)
        .filter(
          ({ channel }) =>
            channel.startsWith('external/') && channel.endsWith('/response/register_participant'),
        );
      const names = frames.map(
        (frame) =>
          decoded('registration-reply', frame, { feeUnit: 'cents/kWh', configurationId }).channelName,
      );
      expect(names).to.deep.equal(['1ef07349-65de-4485-b219-ad7a8810ed63']);
    });
  });

  it('gives the area map in its order', () => {
    const { nameByUuid } = decoded('area-map', answerOf('control', 'area-map'));
    expect([...nameByUuid].slice(0, 2)).to.deep.equal([
      ['148457c9-ff44-4348-8565-8c1e6017e5aa', 'Grid'],
      ['8795d11e-1575-419b-a74a-bd1836ec44e5', 'Community Ünit/1'],
    ]);
  });

  it('takes uuids like names of Object.prototype for uuids in the area map', () => {
    const data = '{"area_mapping": {"__proto__": "A", "constructor": "B"}}';
    const { nameByUuid } = decoded('area-map', { channel: '/response/area-map', data });
    expect([...nameByUuid]).to.deep.equal([
      ['__proto__', 'A'],
      ['constructor', 'B'],
    ]);
  });

  it('understands replies to control commands, and heartbeats', () => {
    expect(decoded('control-reply', answerOf('control', 'pause'))).to.deep.equal({
      kind: 'control-reply',
      command: 'pause',
      transactionId: 'e35ed442-18a2-41e3-b4f5-d4489cd20c05',
      status: 'success',
    });
    expect(decoded('heartbeat', answerOf('control', 'heartbeat'))).to.deep.equal({
      kind: 'heartbeat',
      timeS: 1795331339,
    });
  });

  it('understands the events of an area without an aggregator', () => {
    const events = recordedCases('direct-asset-events')
      .flatMap(({ received }) => received)
      .map((frame) => decoded('area-event', frame));
    expect(events).to.deep.include({
      kind: 'area-event',
      channelName: 'PV 1 (4kW)',
      event: 'market-slot',
      areaUuid: 'da1e50d3-724a-4ced-929d-cb7cedfe9799',
      slot: '2026-11-22T01:00',
      marketMakerRate: 22,
      lastStats: {
        minRate: 13,
        maxRate: 21.98305085,
        averageRate: 17.69152542,
        medianRate: 17.54237288,
        tradedEnergyKWh: 1,
      },
      info: {
        kind: 'pv',
        availableEnergyKWh: 1,
        energyActiveInOffersKWh: 0,
        energyTradedKWh: 0,
        totalCostCents: 0,
      },
    });
    expect(events).to.deep.include({
      kind: 'area-event',
      channelName: 'Meter',
      event: 'tick',
      areaUuid: '5e97a891-2e63-4730-9ac0-9d2d86a2be33',
      slot: '2026-11-22T01:00',
      progress: 0,
      info: { kind: 'smart-meter', energyRequirementKWh: 0.5, availableEnergyKWh: 0 },
    });
    const trade = events.find(({ event }) => event === 'trade');
    expect(trade).to.deep.include({
      channelName: 'Tesla Powerwall 3',
      side: 'sold',
      energyKWh: 0.05,
      priceCents: 1.0788135595,
      offerId: '69df2520-07cd-49a7-a07d-c13efef995b7',
    });
    expect(trade).not.to.have.any.keys('bidId', 'residualId');
    expect(events).to.deep.include({ kind: 'area-event', channelName: 'grid', event: 'finished' });
  });

  it('understands the replies to commands given to one area', () => {
    const replyTo = (name: string) => decoded('area-reply', answerOf('direct-asset-api', name));
    expect(replyTo('storage-list-offers')).to.deep.equal({
      kind: 'area-reply',
      channelName: 'Tesla Powerwall 3',
      command: 'list_offers',
      transactionId: 'b7e3904f-8de9-4278-b606-b7544d8297d7',
      reply: {
        status: 'ready',
        granted: {
          command: 'list-offers',
          orders: [{ id: '5dffdcb6-ae96-4ce1-89bf-139cd1d8eb7f', energyKWh: 0.05, priceCents: 3 }],
        },
      },
    });
    expect(replyTo('load-delete-bid-unknown').reply).to.deep.equal({
      status: 'error',
      reason:
        'Incorrect delete bid request. Available parameters: (bid).Exception: Bid_id is not associated with any posted bid.',
    });
    expect(replyTo('load-bid-extra-key').reply)
      .to.have.property('reason')
      .that.matches(/^Incorrect bid request. Required parameters: .*'\}\.$/);
    expect(replyTo('not-registered')).to.not.have.property('transactionId');
  });

  it('fails for channels that are not the exchange’s', () => {
    for (const channel of ['', 'somewhere', 'external-aggregator/a/b/c/d', 'external-aggregator/'])
      expect(decode({ channel, data: '{}' }, { feeUnit: 'cents/kWh' })).to.deep.equal({
        _tag: 'Left',
        left: {
          kind: 'decode-failure',
          channel,
          at: '$',
          expected: 'a channel of the exchange',
          sample: '"{}"',
        },
      });
  });

  it('fails for bytes that are not UTF-8, and understands the next frame', () => {
    const channel = 'gsy-e-heartbeat/';
    const result = decode({ channel, data: Uint8Array.of(0x7b, 0xff, 0x7d) }, { feeUnit: 'cents/kWh' });
    expect(result).to.deep.include({
      left: { kind: 'decode-failure', channel, at: '$', expected: 'UTF-8 text', sample: 'bytes 7bff7d' },
    });
    expect(decoded('heartbeat', { channel, data: '{"time": 5}' }).timeS).to.equal(5);
  });

  it('fails for a text that is not JSON', () => {
    expect(
      decode({ channel: 'aggregator-response', data: '{"a": 1' }, { feeUnit: 'cents/kWh' }),
    ).to.deep.include({
      left: {
        kind: 'decode-failure',
        channel: 'aggregator-response',
        at: '$',
        expected: 'JSON text',
        sample: String.raw`"{\"a\": 1"`,
      },
    });
  });
});
