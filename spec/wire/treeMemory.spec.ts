import { expect } from 'chai';
import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import type { Area } from '../../lib/model/grid.ts';
import { areaPatterns } from '../../lib/wire/areaPatterns.ts';
import { Misfit } from '../../lib/wire/checked.ts';
import { makeDecoder } from '../../lib/wire/decode.ts';
import { readGrid } from '../../lib/wire/grid.ts';
import { placeOfMember } from '../../lib/wire/jsonLetters.ts';
import { lettersOf, textBetween } from '../../lib/wire/letters.ts';
import type { Frame } from '../../lib/wire/messages.ts';
import { parsedJson } from '../../lib/wire/plainJson.ts';
import { JsonObject } from '../../lib/wire/scalars.ts';
import { readTree } from '../../lib/wire/treeReading.ts';
import { eventTexts } from '../bench/events.ts';
import { collectGarbage } from '../collectGarbage.ts';
import { recordedRun } from './recorded.ts';
import { decode } from './decode.ts';

const options = { feeUnit: 'cents/kWh' } as const;
const EVENTS = 'external-aggregator//b2fb5ba0-12ef-4b13-9fcf-8980810cb6db/events/all';

/** Decodes a series with one memory, and expects of each frame what it says by itself. */
const expectTheSame = (frames: readonly Frame[]): void => {
  const decodeNext = makeDecoder(options);
  for (const frame of frames) expect(decodeNext(frame)).to.deep.equal(decode(frame, options));
};

const frameOf = (data: string): Frame => ({ channel: EVENTS, data });

const areasOf = (result: ReturnType<typeof decode>): readonly Area[] =>
  isRight(result) && 'areas' in result.right ? result.right.areas : [];

/** Texts in which something was cut out, put in or both. */
const cutOf = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.nat(2_000), fc.nat(5), fc.constantFrom('', '"', '{', '}', ',', '1', '\\', '"a": 1, '))
    .map(([whole, at, length, put]) => {
      const place = at % whole.length;
      return whole.slice(0, place) + put + whole.slice(place + length);
    });

/** How many areas of each event are the very objects of the event before. */
const shared = (frames: readonly Frame[]): readonly number[] => {
  const decodeNext = makeDecoder(options);
  let before = new Set<Area>();
  return frames.map((frame) => {
    const areas = areasOf(decodeNext(frame));
    const count = areas.filter((area) => before.has(area)).length;
    before = new Set(areas);
    return count;
  });
};

describe('the memory of the newest grid tree', () => {
  for (const run of ['samples/default-community-full-day.jsonl.gz', 'fidelity/client/messages.jsonl.gz'])
    it(`says the same as without it, for every message of the run ${run}`, () => {
      expectTheSame(recordedRun(run));
    });

  it('keeps the areas whose figures have not changed, and reads the others', () => {
    const texts = eventTexts(30, 0.1, 8);
    // Thirty assets in ten houses in one grid; three change each time. A first event that is short is parsed as a whole.
    expect(shared(texts.map(frameOf))).to.deep.equal([0, 0, ...Array<number>(6).fill(38)]);
    expectTheSame(texts.map(frameOf));
  });

  it('keeps most areas of most events of a recorded day', () => {
    const events = recordedRun('samples/default-community-full-day.jsonl.gz').filter(({ channel }) =>
      channel.endsWith('/events/all'),
    );
    const mostlyKept = shared(events).filter((count) => count > 30);
    expect(mostlyKept.length).to.be.above(0.7 * events.length);
  });

  it('keeps the markets where the figures of all assets have changed', () => {
    const texts = eventTexts(30, 1, 8);
    expect(shared(texts.map(frameOf))).to.deep.equal([0, 0, ...Array<number>(6).fill(11)]);
    expectTheSame(texts.map(frameOf));
  });

  /** What may happen to the text of an event on its way to the next. */
  const asset = (kWh: string) =>
    `{"area_name": "Load", "asset_info": {"energy_requirement_kWh": ${kWh}, "energy_active_in_bids": 0, "energy_traded": 0, "total_cost": 0}, "last_slot_asset_info": {}, "asset_bill": null}`;
  const event = (tree: string, more = '') =>
    `{"slot_completion": "10%", "market_slot": "2026-06-21T12:00", "grid_tree": ${tree}, "feed_in_tariff_rate": 8, "market_maker_rate": 30, "event": "tick", "simulation_id": null${more}}`;
  const house = (assets: string, more = '"current_market_fee": 1') =>
    `{"root": {"area_name": "Grid", "children": {${assets}}, ${more}}}`;
  const plain = event(house(`"a": ${asset('1')}, "b": ${asset('2')}, "c": ${asset('3')}`));

  const successors: Readonly<Record<string, string>> = {
    'another figure': event(house(`"a": ${asset('1.5')}, "b": ${asset('2')}, "c": ${asset('3')}`)),
    'another fee': event(
      house(`"a": ${asset('1')}, "b": ${asset('2')}, "c": ${asset('3')}`, '"current_market_fee": 12.5'),
    ),
    'a fee that is none': event(
      house(`"a": ${asset('1')}, "b": ${asset('2')}, "c": ${asset('3')}`, '"current_market_fee": "high"'),
    ),
    'an asset less': event(house(`"a": ${asset('1')}, "b": ${asset('2')}`)),
    'an asset more': event(
      house(`"a": ${asset('1')}, "b": ${asset('2')}, "c": ${asset('3')}, "d": ${asset('4')}`),
    ),
    'assets in another order': event(house(`"b": ${asset('2')}, "a": ${asset('1')}, "c": ${asset('3')}`)),
    'an asset that became foreign': event(
      house(`"a": {"area_name": "Load"}, "b": ${asset('2')}, "c": ${asset('3')}`),
    ),
    'an asset that became a market': event(
      house(`"a": {"area_name": "Load", "children": {}}, "b": ${asset('2')}, "c": ${asset('3')}`),
    ),
    'an asset that cannot be read': event(
      house(`"a": ${asset('"much"')}, "b": ${asset('2')}, "c": ${asset('3')}`),
    ),
    'a figure that is no JSON': event(house(`"a": ${asset('01')}, "b": ${asset('2')}, "c": ${asset('3')}`)),
    'a uuid twice': event(house(`"a": ${asset('1')}, "a": ${asset('2')}, "c": ${asset('3')}`)),
    'a field twice': event(
      house(
        `"a": ${asset('1')}, "b": ${asset('2')}, "c": ${asset('3')}`,
        '"current_market_fee": 1, "current_market_fee": 2',
      ),
    ),
    'an end too early': plain.slice(0, -20),
    'something behind the end': `${plain} 1`,
    'no tree': event('null'),
    'an empty tree': event('{}'),
    'a tree twice': event(
      house(`"a": ${asset('1')}, "b": ${asset('2')}, "c": ${asset('3')}`),
      ', "grid_tree": {}',
    ),
    'a tree under an escaped key': plain.replace('grid_tree', 'grid\\u005ftree'),
    'keys that are numbers, which a parser puts first': event(
      house(`"b": ${asset('2')}, "7": ${asset('1')}, "c": ${asset('3')}`),
    ),
    'a name with a quote, a brace and a uuid': event(
      house(
        `"a": ${asset('1').replace('Load', 'L\\"}, \\"b\\": {')}, "b": ${asset('2')}, "c": ${asset('3')}`,
      ),
    ),
    'an asset within which the text stands that follows it': event(
      house(
        `"a": ${asset('1').replace('"Load"', '{"x": 1}, "b": {"area_name": "Load"}')}, "b": ${asset('2')}, "c": ${asset('3')}`,
      ),
    ),
    'no blanks': plain.replaceAll(': ', ':').replaceAll(', ', ','),
    'an asset named like the key of children': plain.replace('"Load"', '"children"'),
    'another event': plain.replace('"tick"', '"market"'),
    'an unknown event': plain.replace('"tick"', '"tock"'),
    'a rate that is none': plain.replace('"market_maker_rate": 30', '"market_maker_rate": []'),
    'the prototype as an area': event(house(`"__proto__": ${asset('1')}, "b": ${asset('2')}`)),
  };

  for (const [what, text] of Object.entries(successors))
    it(`says the same as without it of an event with ${what}, and of those after it`, () => {
      expectTheSame([plain, plain, text, text, plain, text, plain].map(frameOf));
    });

  it('says the same as without it, whatever is done to the text', () => {
    const texts = [...Object.values(successors), plain, ...eventTexts(6, 0.3, 4)];
    const text = fc.constantFrom(...texts);
    const cut = cutOf(text);
    fc.assert(
      fc.property(fc.array(fc.oneof(text, cut), { minLength: 2, maxLength: 8 }), (series) => {
        expectTheSame(series.map(frameOf));
      }),
      { numRuns: 400 },
    );
  });

  it('remembers a bounded number of kinds of areas', () => {
    const decodeNext = makeDecoder(options);
    let kinds = 0;
    const heapAfter = (count: number): number => {
      for (const end = kinds + count; kinds < end; kinds += 100) {
        const assets = Array.from(
          { length: 100 },
          (_, i) =>
            `"a${i}": ${asset('1').replace('{', `{"another key ${kinds + i}": "${'x'.repeat(2_000)}", `)}`,
        );
        expect(areasOf(decodeNext(frameOf(event(house(assets.join(', '))))))).to.have.lengthOf(101);
      }
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = heapAfter(1_000);
    // Each takes some 5,000 bytes.
    expect((heapAfter(5_000) - before) / 1e6).to.be.below(2);
  });

  describe('reading one that is not known in its place', () => {
    const deep = `${'{"a": {"area_name": "A", "children": '.repeat(5_000)}{}${'}}'.repeat(5_000)}`;
    const long = `{"area_name": "Load", "more": ${'{"a": '.repeat(5_000)}1${'}'.repeat(5_000)}}`;
    const manyFields = Array.from({ length: 5_000 }, (_, i) => `"field ${i}": ${i}`).join(', ');
    const samples = [
      ...Object.values(successors),
      plain,
      ...eventTexts(12, 0.3, 3),
      event('{"a": {}}'),
      event(house(`"a": ${asset('1').replace('Load', 'B\\u00e4r')}, "b": ${asset('2')}`)),
      event(house(`"a": ${asset('1').replace('Load', 'Bär')}, "b": ${asset('2')}`)),
      event(house(`"a": ${asset('1e999')}, "b": ${asset('-0.0')}, "c": ${asset('1.5e-7')}`)),
      event(house(`"a": {"__proto__": {"x": 1}, "area_name": "A"}, "b": {"area_name": "B"}`)),
      event(house(`"a": {"area_name": "A", "more": [1, {"x": 2}], "x": true}, "b": {"area_name": "B"}`)),
      event(house(`"a": ${long}, "b": ${long}`)),
      event(house(`"a": {"area_name": "A", ${manyFields}}, "b": {"area_name": "B", ${manyFields}}`)),
    ];

    /** Reads the trees of texts in their places, one after the other, with what was learned of those before. */
    const readPlaces = (texts: readonly string[]) => {
      const reader = { patterns: areaPatterns(), feeUnit: 'cents/kWh' } as const;
      return texts.map((text) => {
        const letters = lettersOf(text);
        const start = letters && placeOfMember(letters, 'grid_tree');
        try {
          const tree = letters && start !== undefined ? readTree(letters, start, reader) : undefined;
          return letters && tree && { ...tree, tree: textBetween(letters, tree.start, tree.end) };
        } catch (error) {
          Misfit.of(error);
          return undefined;
        }
      });
    };
    /** The areas of a tree parsed as a whole; undefined where it is none, or one of ours cannot be read. */
    const readWhole = (tree: string): readonly Area[] | undefined => {
      const content = parsedJson(tree);
      const grid = JsonObject.is(content) ? readGrid(content, 'cents/kWh', []) : undefined;
      return grid === undefined || isLeft(grid) || grid.right.unreadable.length > 0
        ? undefined
        : grid.right.areas;
    };
    const treeOf = (text: string): string =>
      JSON.stringify((JSON.parse(text) as { grid_tree: object }).grid_tree);
    const expectAsWhole = (texts: readonly string[]): void => {
      for (const read of readPlaces(texts))
        if (read !== undefined) expect(read.areas).to.deep.equal(readWhole(read.tree));
    };

    it('says the same as when the whole is parsed', () => {
      expectAsWhole([...samples, ...samples]);
    });

    it('reads what an exchange writes', () => {
      const day = recordedRun('samples/default-community-full-day.jsonl.gz').filter(
        ({ channel, data }) => channel.endsWith('/events/all') && data.includes('area_name'),
      );
      const texts = [...eventTexts(30, 1, 3), ...day.map(({ data }) => data)];
      expect(readPlaces(texts).filter((tree) => tree === undefined)).to.have.lengthOf(0);
      expectAsWhole(texts);
    });

    it('says the same as when the whole is parsed, whatever is done to the texts', () => {
      const text = fc.oneof(cutOf(fc.constantFrom(...samples)), fc.constantFrom(...samples));
      fc.assert(fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), expectAsWhole), {
        numRuns: 1_000,
      });
    });

    it('leaves it to the parser of the whole where there are more levels than in any grid', () => {
      expect(readPlaces([event(deep), event(deep)])).to.deep.equal([undefined, undefined]);
    });

    it('reads a grid of ten thousand assets as when the whole is parsed, and keeps nothing but the newest text', () => {
      const frames = eventTexts(10_000, 0.01, 4).map((text) => ({
        channel: EVENTS,
        data: Buffer.from(text),
      }));
      const wholes = frames.map(({ data }) => readWhole(treeOf(data.toString())));
      const decodeNext = makeDecoder(options);
      collectGarbage();
      const before = process.memoryUsage().external;
      for (const [i, frame] of frames.entries()) expect(areasOf(decodeNext(frame))).to.deep.equal(wholes[i]);
      collectGarbage();
      const keptBytes = process.memoryUsage().external - before;
      expect(keptBytes / (frames[0]?.data.length ?? 0)).to.be.below(1.5);
    });
  });
});
