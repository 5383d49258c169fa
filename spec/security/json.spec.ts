import { expect } from 'chai';
import { openSandbox } from 'gsy-rx/sandbox';
import { VirtualTimeScheduler } from 'rxjs';
import { memoryBus } from '../../lib/transport/memory.ts';
import { AGGREGATOR_COMMANDS, batchChannel, batchResponseChannel } from '../../lib/wire/channels.ts';
import { community, LOAD, pass } from '../sandbox/httpClients.ts';
import { decode } from '../wire/decode.ts';
import { recordedCases } from '../wire/recorded.ts';

const finite = (value: unknown): boolean => {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return (value instanceof Map ? [...value.values()] : Object.values(value)).every(finite);
};

const frames = ['aggregator-events', 'batch-commands', 'settlement-and-future', 'percentage-fees']
  .flatMap(recordedCases)
  .flatMap(({ sent, received }) => [...(sent ? [sent] : []), ...received]);

describe('numbers that are none', () => {
  it('reach nobody, wherever they stand in a message: it fails, or does without', () => {
    for (const { channel, data } of frames) {
      const numbers = [...data.matchAll(/(?<=: |\[)-?\d+(?:\.\d+)?(?=[,}\]])/g)];
      const step = Math.ceil(numbers.length / 40);
      for (const { index, 0: number } of numbers.filter((_, n) => n % step === 0)) {
        const changed = `${data.slice(0, index)}1e400${data.slice(index + number.length)}`;
        const result = decode({ channel, data: changed }, { feeUnit: 'cents/kWh' });
        expect(
          finite(result._tag === 'Right' ? result.right : result.left),
          changed.slice(index - 60, index + 20),
        ).to.equal(true);
      }
    }
  });

  it('do no harm to the embedded exchange, which answers with an error and keeps its books in numbers', () => {
    const scheduler = new VirtualTimeScheduler();
    const bus = memoryBus(scheduler);
    const sandbox = openSandbox(community, { scheduler, bus });
    const replies: string[] = [];
    bus.frames([batchResponseChannel('a')]).subscribe(({ data }) => replies.push(String(data)));
    sandbox.start();
    const say = (channel: string, data: string) => {
      bus.publish(channel, data);
      pass(scheduler, 90_000);
    };
    say(AGGREGATOR_COMMANDS, '{"type": "CREATE", "name": "a", "transaction_id": "a"}');
    say(
      AGGREGATOR_COMMANDS,
      `{"type": "SELECT", "aggregator_uuid": "a", "device_uuid": "${LOAD}", "transaction_id": "s"}`,
    );
    for (const order of [
      '"energy": 1e400, "price": 1',
      '"energy": 0.01, "price": 1e400',
      '"energy": -1e400, "price": 1',
    ])
      say(
        batchChannel(),
        `{"type": "BATCHED", "transaction_id": "${order.length}", "aggregator_uuid": "a", "batch_commands": {"${LOAD}": [{"type": "bid", ${order}}]}}`,
      );
    expect(replies).to.have.length(3);
    for (const reply of replies) expect(reply).to.include('"error"');
    pass(scheduler, 40 * 90_000);
    expect(finite(sandbox.results())).to.equal(true);
  });
});

describe('a key that stands twice in a message', () => {
  it('counts once, with its last value', () => {
    const { channel, data } = frames.find(({ data }) => data.includes('"event": "tick"'))!;
    const twice = data.replace('"event": "tick"', '"event": "finish", "event": "tick"');
    expect(decode({ channel, data: twice }, { feeUnit: 'cents/kWh' })).to.deep.equal(
      decode({ channel, data }, { feeUnit: 'cents/kWh' }),
    );
  });
});
