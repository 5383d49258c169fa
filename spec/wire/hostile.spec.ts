import { expect } from 'chai';
import { isLeft } from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { decodeSimulationConfig } from '../../lib/wire/config.ts';
import { decode } from './decode.ts';
import type { Frame } from '../../lib/wire/messages.ts';
import { failureLine } from '../../lib/wire/report.ts';
import { answerOf, recordedCases } from './recorded.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const numbersIn = (value: unknown): readonly number[] => {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return (value instanceof Map ? [...value.values()] : Object.values(value)).flatMap(numbersIn);
};

/** Decodes, and checks what holds whatever comes: nothing thrown or polluted, numbers finite, failures short. */
const decodeSafely = (frame: Frame) => {
  const result = decode(frame, { feeUnit: 'percent' });
  expect(Object.keys(Object.prototype)).to.deep.equal([]);
  expect(Object.prototype).to.not.have.any.keys('polluted', 'command', 'kind');
  if (!isLeft(result)) expect(numbersIn(result.right).every(Number.isFinite)).to.equal(true);
  else {
    const { at, expected, sample } = result.left;
    expect(sample.length).to.be.at.most(200);
    expect(at.length).to.be.at.most(1000);
    expect(expected.length).to.be.at.most(250);
    // eslint-disable-next-line no-control-regex -- that there are none is the point
    expect(failureLine(result.left)).to.not.match(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
  }
  return result;
};

const frames = [
  ...['aggregator-commands', 'aggregator-events', 'batch-commands', 'control', 'direct-asset-api'],
  ...['direct-asset-events', 'percentage-fees', 'registration', 'settlement-and-future'],
]
  .flatMap(recordedCases)
  .flatMap(({ sent, received }) => [...(sent ? [sent] : []), ...received]);

const nested = (levels: number, open: string, close: string): string =>
  open.repeat(levels) + close.repeat(levels);

/** Values of the wrong type, and names that a careless decoder falls over. */
const oddValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, 0, -1, 1e308, '', 'None', '80%', [], {}, [[]], { error: 'x' }),
  fc.constantFrom<Json>({ constructor: 1 }, { toString: null }, { length: -1 }, ['constructor'], '__proto__'),
  fc.jsonValue() as fc.Arbitrary<Json>,
);

const oddKey = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'status',
  '0',
);

type Mutation = (value: Json, key: string) => Json | undefined;

/** Another value, no value, or one more key. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  oddValue.map(
    (other): Mutation =>
      () =>
        other,
  ),
  fc.constant<Mutation>(() => undefined),
  fc.tuple(oddKey, oddValue).map(
    ([key, other]): Mutation =>
      (value) =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Object.fromEntries([...Object.entries(value), [key, other]])
          : { [key]: value },
  ),
);

/** The text with one place of it changed, the `n`th in order, wherever that is. */
const mutate = (text: string, n: number, change: Mutation): string => {
  let place = 0;
  return JSON.stringify(JSON.parse(text), (key, value: Json) => (place++ === n ? change(value, key) : value));
};

describe('decode, on hostile input', () => {
  it('survives any change of any message', () => {
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.nat(400), mutation, ({ channel, data }, n, change) => {
        decodeSafely({ channel, data: mutate(data, n, change) });
      }),
      { numRuns: 2000 },
    );
  });

  it('survives any change inside an order that stands as JSON in a string', () => {
    const { channel, data } = answerOf('batch-commands', 'load-bid');
    const order = /"bid": ("\{.*?\}\}")/.exec(data)?.[1] ?? '';
    fc.assert(
      fc.property(fc.nat(20), mutation, (n, change) => {
        const other = mutate(JSON.parse(order) as string, n, change);
        decodeSafely({ channel, data: data.replace(order, () => JSON.stringify(other)) });
      }),
      { numRuns: 300 },
    );
  });

  it('survives any JSON and any text on any channel', () => {
    const channels = [...new Set(frames.map(({ channel }) => channel))];
    const channel = fc.oneof(fc.constantFrom(...channels), fc.string());
    fc.assert(
      fc.property(channel, fc.oneof(fc.json(), fc.string()), (anyChannel, data) => {
        decodeSafely({ channel: anyChannel, data });
      }),
      { numRuns: 1000 },
    );
  });

  it('fails for every message that is cut short', () => {
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.nat(), ({ channel, data }, n) => {
        const result = decodeSafely({ channel, data: data.slice(0, n % data.length) });
        expect(isLeft(result)).to.equal(true);
      }),
    );
  });

  it('fails for bytes that are not UTF-8, wherever they stand', () => {
    const bad = fc.constantFrom(
      [0xff],
      [0xc0, 0x80],
      [0xe2, 0x82],
      [0xed, 0xa0, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
    );
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.nat(), bad, ({ channel, data }, n, bytes) => {
        const at = n % data.length;
        const before = new TextEncoder().encode(data.slice(0, at));
        const after = new TextEncoder().encode(data.slice(at));
        const result = decodeSafely({ channel, data: Uint8Array.of(...before, ...bytes, ...after) });
        expect(result).to.have.nested.property('left.expected', 'UTF-8 text');
      }),
    );
  });

  const tick = answerOf('aggregator-events', 'tick-40');
  const withTree = (tree: string) => ({
    channel: tick.channel,
    data: `{"event": "tick", "slot_completion": "40%", "market_slot": "2026-11-22T01:00", "grid_tree": ${tree}}`,
  });

  describe('nested 100,000 levels deep', () => {
    const LEVELS = 100_000;

    it('fails for a grid tree', () => {
      const result = decodeSafely(
        withTree(nested(LEVELS, '{"a":{"area_name":"A","children":', '}}').replace('}', '{}}')),
      );
      expect(result).to.have.nested.property('left.expected', 'at most 100 levels of areas');
      expect(result).to.have.nested.property('left.at').that.includes('…');
    });

    it('understands a message that has it where nobody looks', () => {
      const deep = nested(LEVELS, '[', ']');
      const data = tick.data.replace(/\}$/, `, "more": ${deep}}`);
      expect(isLeft(decodeSafely({ channel: tick.channel, data }))).to.equal(false);
    });

    it('fails or copes wherever else it stands', () => {
      const deep = nested(LEVELS, '[', ']');
      for (const { channel, data } of frames.filter((_, i) => i % 31 === 0))
        for (let n = 0; n < 9; n++)
          decodeSafely({ channel, data: mutate(data, n, () => 'DEEP').replace('"DEEP"', deep) });
    });

    it('fails for the registry of a config file', () => {
      const area = '{"name":"A","type":"Area","uuid":"a","children":[';
      const registry = `${area.repeat(LEVELS)}${']}'.repeat(LEVELS)}`;
      const file = `{"username":"","name":"","uuid":"","domain_name":"","web_socket_domain_name":"","global_settings":{},"registry":${registry}}`;
      expect(decodeSimulationConfig(file)).to.have.nested.property(
        'left.expected',
        'at most 100 levels of nesting',
      );
    });
  });

  describe('of 10 MB', () => {
    const long = 'x'.repeat(10_000_000);

    it('fails with a short sample for a text that should be something else', () => {
      for (const [from, at] of [
        ['"40%"', '$.slot_completion'],
        ['"2026-11-22T01:00"', '$.market_slot'],
      ] as const) {
        const { channel, data } = withTree('{}');
        const result = decodeSafely({ channel, data: data.replace(from, `"${long}"`) });
        expect(result).to.have.nested.property('left.at', at);
      }
    });

    it('fails with a short path and sample for keys of that length', () => {
      const result = decodeSafely(withTree(`{"${long}": {"area_name": "A", "children": {"${long}": 5}}}`));
      expect(result).to.have.nested.property('left.sample', '5');
    });

    it('fails at the first bad element of a million', () => {
      const data = `{"event": "trade", "grid_tree": {}, "trade_list": [${'1,'.repeat(1_000_000)}1]}`;
      const result = decodeSafely({ channel: tick.channel, data });
      expect(result).to.have.nested.property('left.at', '$.trade_list[0]');
    });

    it('fails for a text that is not JSON, and for bytes that are not text', () => {
      expect(decodeSafely({ ...tick, data: long })).to.have.nested.property('left.expected', 'JSON text');
      const bytes = new Uint8Array(10_000_000).fill(0xff);
      expect(decodeSafely({ ...tick, data: bytes })).to.have.nested.property('left.expected', 'UTF-8 text');
    });
  });
});
