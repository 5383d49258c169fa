import { expect } from 'chai';
import { isRight } from 'fp-ts/lib/Either.js';
import { aggregatorFrames, areaFrames } from '../../lib/transport/restFrames.ts';
import { AGGREGATOR_RESPONSE, batchResponseChannel, eventsChannel } from '../../lib/wire/channels.ts';
import { decode } from '../wire/decode.ts';

const uuids = { derived: 'ours', server: 'theirs' };
const redacted = (text: string) => text.replaceAll('secret', '…');

describe('aggregatorFrames', () => {
  it('puts our uuid where the server’s stands as aggregator_uuid, and changes no other byte', () => {
    const text =
      '{"command":"batch_commands", "aggregator_uuid" :"theirs","responses":{"theirs":[{"note":"\\"aggregator_uuid\\": \\"theirs\\" ü"}]}}';
    const expected = text.replace(':"theirs",', ':"ours",');
    const frames = aggregatorFrames(uuids, redacted);
    const channel = batchResponseChannel('ours');
    expect(frames(text)).to.deep.equal([{ channel, data: expected }]);
    expect(frames(Buffer.from(text))).to.deep.equal([{ channel, data: Buffer.from(expected) }]);
    const odd = Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from(',"note":"\xff"}', 'latin1')]);
    const [{ data } = { data: '' }] = frames(odd);
    expect(Buffer.from(data)).to.deep.equal(
      Buffer.concat([Buffer.from(expected.slice(0, -1)), Buffer.from(',"note":"\xff"}', 'latin1')]),
    );
  });

  it('takes secrets out of what is only reported, and of nothing else', () => {
    const frames = aggregatorFrames(uuids, redacted);
    const after = (text: string) => frames(Buffer.from(text)).map(({ data }) => Buffer.from(data).toString());
    expect(after('no JSON, secret')).to.deep.equal(['no JSON, …']);
    expect(after('{"error": "secret"}')).to.deep.equal(['{"error": "…"}']);
    for (const told of [
      '{"event": "tick", "name": "secret"}',
      '{"command": "batch_commands", "name": "secret"}',
    ])
      expect(after(told)).to.deep.equal([told]);
  });

  it('takes an event for one by its own field only, wherever that stands', () => {
    const channelOf = (text: string) => aggregatorFrames(uuids, redacted)(Buffer.from(text))[0]?.channel;
    const told = eventsChannel('ours');
    expect(
      channelOf('{"grid_tree": {}, "event": "tick", "simulation_id": null, "num_ticks": 10.0}'),
    ).to.equal(told);
    expect(channelOf('{"event": "tick", "grid_tree": {"a": {"event": "selected_by_device"}}}')).to.equal(
      told,
    );
    const selected = '"event": "selected_by_device", "device_uuid": "area"';
    for (const misleading of [
      `{${selected}, "with": {"event": "tick"}}`,
      `{${selected}, "name": "\\"event\\": \\"tick\\"}"}`,
      `{"command": "batch_command", ${selected}}`,
    ])
      expect(channelOf(misleading), misleading).to.equal(AGGREGATOR_RESPONSE);
  });

  it('leaves replies to another aggregator’s batches as they are', () => {
    const data = '{"command": "batch_commands", "aggregator_uuid": "somebody"}';
    expect(aggregatorFrames(uuids, redacted)(data)).to.deep.equal([
      { channel: batchResponseChannel('ours'), data },
    ]);
  });

  for (const [event, status] of [
    ['selected_by_device', 'selected'],
    ['unselected_by_device', 'unselected'],
  ])
    it(`makes ${event} a reply that decodes`, () => {
      const [frame] = aggregatorFrames(
        uuids,
        redacted,
      )(JSON.stringify({ event, device_uuid: 'area', transaction_id: 't' }));
      const message = decode(frame!, { feeUnit: 'cents/kWh' });
      expect(isRight(message) && message.right).to.deep.equal({
        kind: 'aggregator-reply',
        transactionId: 't',
        status,
        aggregatorUuid: 'ours',
        areaUuid: 'area',
      });
    });

  it('reports each kind of other messages once only, and not more than 20 kinds', () => {
    const frames = aggregatorFrames(uuids, redacted);
    const count = (message: object) => frames(JSON.stringify(message)).length;
    expect([{ event: 'x' }, { event: 'x' }, { command: 'y' }, { command: 'y' }].map(count)).to.deep.equal([
      1, 0, 1, 0,
    ]);
    expect([{}, {}, { event: 'market' }, { event: 'market' }].map(count)).to.deep.equal([1, 0, 1, 1]);
    const others = Array.from({ length: 100 }, (_, i) => count({ event: String(i) }));
    expect(others.filter((frame) => frame === 1)).to.have.length(17);
  });
});

describe('areaFrames', () => {
  it('puts messages on the channels of the area’s name', () => {
    const frames = areaFrames('Load', () => 'register');
    const channelsOf = (data: string) => frames(data).map(({ channel }) => channel);
    expect(channelsOf('{"event": "market"}')).to.deep.equal(['Load/events/market']);
    expect(channelsOf('{"command": "unregister"}')).to.deep.equal(['Load/response/unregister_participant']);
    expect(channelsOf('{"command": "set_energy_forecast"}')).to.deep.equal([
      'Load/response/set_energy_forecast',
    ]);
    expect(channelsOf('{"status": "error"}')).to.deep.equal(['Load/response/register_participant']);
    expect(frames('no JSON')).to.deep.equal([
      { channel: 'Load/response/register_participant', data: 'no JSON' },
    ]);
  });
});
