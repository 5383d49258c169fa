import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { makeDecoder } from '../../lib/wire/decode.ts';
import { endOfValue, placeOfMember, visitElements, visitMembers } from '../../lib/wire/jsonLetters.ts';
import { lettersOf, textBetween } from '../../lib/wire/letters.ts';
import { learnObject } from '../../lib/wire/objectPattern.ts';
import { parsedJson } from '../../lib/wire/plainJson.ts';
import { readBatchResponse } from '../../lib/wire/replies.ts';
import { REPLY_TEXTS } from '../../lib/wire/replyMemory.ts';
import { collectGarbage } from '../collectGarbage.ts';
import { recordedCases, recordedRun } from './recorded.ts';

const options = { feeUnit: 'cents/kWh' } as const;
const CHANNEL = 'external-aggregator//an-aggregator/response/batch_commands';
const LOAD = '7dce459b-8389-43a1-be77-aacd791acc63';
const PV = 'f46fce27-dabf-4375-a6da-d890be5f0f06';

/** Expects of each text, read one after the other with one memory, what it says when all of it is parsed. */
const expectTheSame = (texts: readonly string[]): void => {
  const decodeNext = makeDecoder(options);
  for (const data of texts) {
    const read = decodeNext({ channel: CHANNEL, data });
    const whole = readBatchResponse(parsedJson(data));
    expect(isRight(read)).to.equal(isRight(whole), data);
    if (isRight(read) && isRight(whole)) {
      expect(read.right).to.deep.equal(whole.right);
      if (read.right.kind === 'batch-response')
        expect([...read.right.replies.keys()]).to.deep.equal([...whole.right.replies.keys()]);
    }
  }
};

const textsOf = (frames: readonly { readonly channel: string; readonly data: string }[]): readonly string[] =>
  frames.filter(({ channel }) => channel.endsWith('/batch_commands')).map(({ data }) => data);

const recorded: Readonly<Record<string, readonly string[]>> = {
  'the samples of commands': recordedCases('batch-commands').flatMap(({ received }) => textsOf(received)),
  'settlement and future markets': recordedCases('settlement-and-future').flatMap(({ received }) =>
    textsOf(received),
  ),
  'the sample of a day': textsOf(recordedRun('samples/default-community-full-day.jsonl.gz')),
  "a client's day": textsOf(recordedRun('fidelity/client/messages.jsonl.gz')),
};

/** As Python writes it. */
const json = (content: unknown): string =>
  JSON.stringify(content, undefined, 1)
    .replaceAll(/\n\s*/g, ' ')
    .replaceAll(/(?<=[[{]) | (?=[\]}])/g, '')
    .replaceAll(/[^\0-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

const order = (areaUuid: string, side: 'bid' | 'offer', fields: object = {}, trader: object = {}) => ({
  type: side === 'bid' ? 'Bid' : 'Offer',
  id: 'da45206d-1160-4838-8124-ca5b9cce3517',
  energy: 0.0123,
  energy_rate: 13.5,
  price: 1.5e-7,
  original_price: -3,
  creation_time: '2026-11-22T02:03:00',
  time_slot: '2026-11-22T02:00:00',
  [side === 'bid' ? 'buyer' : 'seller']: {
    name: 'An Asset',
    origin: 'An Asset',
    origin_uuid: areaUuid,
    uuid: areaUuid,
    ...trader,
  },
  ...fields,
});

const reply = (areaUuid: string, side: 'bid' | 'offer', fields: object = {}, trader: object = {}): string =>
  json({
    command: side,
    status: 'ready',
    [side]: json(order(areaUuid, side, fields, trader)),
    area_uuid: areaUuid,
    transaction_id: 'a-transaction',
    market_type: 'Spot Market',
    message: '',
  });

const batch = (...replies: readonly (readonly [string, readonly string[]])[]): string =>
  `{"command": "batch_commands", "transaction_id": "a-transaction", "aggregator_uuid": "an-aggregator", "responses": {${replies
    .map(([uuid, ofArea]) => `"${uuid}": [${ofArea.join(', ')}]`)
    .join(', ')}}}`;

const bid = reply(LOAD, 'bid');
const offer = reply(PV, 'offer');
const plain = batch([LOAD, [bid, bid]], [PV, [offer]]);

const within = (text: string): string => JSON.stringify(text).slice(1, -1);

const others: Readonly<Record<string, string>> = {
  'other figures': batch([LOAD, [reply(LOAD, 'bid', { energy: 7e-12, price: 100 })]], [PV, [offer]]),
  'an energy that is infinite': plain.replace('0.0123', '1e999'),
  'an energy that is no JSON': plain.replace('0.0123', '01'),
  'an energy that is a text': plain.replace('0.0123', '\\"0.0123\\"'),
  'an energy that is null': plain.replace('0.0123', 'null'),
  'a slot that is none': plain.replace('2026-11-22T02:00:00', 'tomorrow'),
  'an order of the other kind': plain.replace('\\"Bid\\"', '\\"Offer\\"'),
  'a name that is not ASCII': batch([LOAD, [bid, reply(LOAD, 'bid', {}, { name: 'Zähler 😀' })]]),
  'a name that is not ASCII and not escaped': plain.replaceAll('An Asset', 'Zähler 😀'),
  'a name with a quote and a backslash': batch([LOAD, [bid, reply(LOAD, 'bid', {}, { name: 'a "b" \\ c' })]]),
  'a name with a line in it': plain.replace('An Asset', 'An\nAsset'),
  'a name with an escape of the outer text': plain.replace('An Asset', 'An \\u0041sset'),
  'a name with a quote of the outer text': plain.replace('An Asset', `An ${within('"')} Asset`),
  'an area with two names': batch([LOAD, [bid, reply(LOAD, 'bid', {}, { name: 'Another' }), bid]]),
  'an order of another area': batch([LOAD, [reply(PV, 'bid')]]),
  'a message': plain.replace('"message": ""', '"message": "Not all \\u0041 keys were taken."'),
  'a message that is null': plain.replace('"message": ""', '"message": null'),
  'a message that is a number': plain.replace('"message": ""', '"message": 3'),
  'no message': plain.replace(', "message": ""', ''),
  'no id': plain.replace(/\\"id\\": \\"[^"]*", /, ''),
  'a key more': plain.replace('\\"energy\\":', '\\"attributes\\": {}, \\"energy\\":'),
  'a key twice': plain.replace('"status": "ready"', '"status": "ready", "status": "error"'),
  'a refusal among them': batch([
    LOAD,
    [bid, '{"command": "bid", "status": "error", "message": "No."}', bid],
  ]),
  'a reply that is none': batch([LOAD, [bid, '7', bid]]),
  'a reply that has no end': batch([LOAD, [bid, bid.slice(0, -1)]]),
  'two areas that are one': batch([LOAD, [bid]], [PV, [offer]], [LOAD, [bid, bid]]),
  'an area whose replies are no list': plain.replace(`"${LOAD}": [`, `"${LOAD}": {}, "${PV}": [`),
  'areas that are numbers, which a parser puts first': batch([LOAD, [bid]], ['7', [bid]]),
  'the prototype as an area': batch(['__proto__', [bid]], [LOAD, [bid]]),
  'no areas': batch(),
  'an area without replies': batch([LOAD, []]),
  'no blanks': batch([LOAD, [bid]], [PV, [offer]]).replaceAll(/(?<=[:,]) /g, ''),
  'more blanks': plain.replaceAll(', ', ' ,\n\t'),
  'responses twice': plain.replace(/\}$/, ', "responses": {}}'),
  'responses before the rest': `{"responses": {}, ${plain.slice(1)}`,
  'another command': plain.replace('batch_commands', 'other_commands'),
  'something behind the end': `${plain} 1`,
  'an end too early': plain.slice(0, -2),
};

describe('the memory of how replies are written', () => {
  for (const [what, texts] of Object.entries(recorded))
    it(`says of ${what} the same as when all is parsed`, () => {
      expect(texts).not.to.be.empty;
      expectTheSame(texts);
      expectTheSame(texts.toReversed());
    });

  it('has a pattern for every accepted order that was recorded', () => {
    let orders = 0;
    for (const text of Object.values(recorded).flat()) {
      const letters = lettersOf(text);
      const start = letters && placeOfMember(letters, 'responses');
      if (letters === undefined || start === undefined) continue;
      visitMembers(letters, start, (_, ofArea) =>
        visitElements(letters, ofArea, (from) => {
          const end = endOfValue(letters, from) ?? NaN;
          const content = parsedJson(textBetween(letters, from, end)) as Record<string, unknown>;
          const side = content.bid === undefined ? 'offer' : 'bid';
          const placed = content[side];
          if (content.status !== 'ready' || typeof placed !== 'string') return end;
          orders += 1;
          const [pattern] = learnObject(letters, [from, end], content, REPLY_TEXTS) ?? [];
          expect(pattern?.read(letters, from)).to.equal(end);
          expect(pattern?.object[side]).to.deep.equal(parsedJson(placed));
          return end;
        }),
      );
    }
    expect(orders).to.be.above(1_000);
  });

  it('gives texts of their own, so that whoever keeps an id does not keep the whole reply', () => {
    const decodeNext = makeDecoder(options);
    const kept: string[] = [];
    const heapAfter = (count: number): number => {
      for (let i = 0; i < count; i += 1) {
        const id = randomUUID();
        const many = [...Array<string>(400).fill(bid), reply(LOAD, 'bid', { id, creation_time: `at ${id}` })];
        const read = decodeNext({ channel: CHANNEL, data: batch([LOAD, many]) });
        if (isLeft(read) || read.right.kind !== 'batch-response') throw new Error('no reply');
        const last = read.right.replies.get(LOAD)?.at(-1);
        if (last?.status !== 'ready' || !('order' in last.granted)) throw new Error('no order');
        kept.push(last.granted.order.id, last.granted.order.createdAt);
      }
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = heapAfter(5);
    // Each reply is 0.2 MB long.
    expect((heapAfter(50) - before) / 1e6).to.be.below(2);
    expect(kept).to.have.length(110);
  });

  it('leaves no message in what the engine remembers of its last match', () => {
    makeDecoder(options)({ channel: CHANNEL, data: plain });
    expect(Reflect.get(RegExp, 'input')).to.have.lengthOf.below(100);
  });

  it('remembers a bounded number of kinds of replies', () => {
    const decodeNext = makeDecoder(options);
    let kinds = 0;
    const heapAfter = (count: number): number => {
      for (const end = kinds + count; kinds < end; kinds += 100) {
        const replies = Array.from({ length: 100 }, (_, i) =>
          reply(LOAD, 'bid', { [`another key ${kinds + i}`]: 'x'.repeat(2_000) }),
        );
        expect(isRight(decodeNext({ channel: CHANNEL, data: batch([LOAD, replies]) }))).to.equal(true);
      }
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = heapAfter(1_000);
    // Each takes some 5,000 bytes.
    expect((heapAfter(5_000) - before) / 1e6).to.be.below(2);
  });

  for (const [what, text] of Object.entries(others))
    it(`says the same of ${what} as when all is parsed, and of what follows`, () => {
      expectTheSame([text, plain, plain, text, text, plain]);
    });

  it('tells what is wrong as when all is parsed', () => {
    const decodeNext = makeDecoder(options);
    decodeNext({ channel: CHANNEL, data: plain });
    const data = plain.replace('0.0123', '1e999');
    const failure = decodeNext({ channel: CHANNEL, data });
    expect(isLeft(failure) && failure.left.at).to.equal(`$.responses["${LOAD}"][0].bid.energy`);
  });

  it('says the same as when all is parsed, whatever is done to the text', () => {
    const text = fc.constantFrom(
      plain,
      ...Object.values(others),
      ...(recorded['the samples of commands'] ?? []),
    );
    const put = fc.constantFrom('', '"', '\\"', '{', '}', ']', ',', '1', '-', 'e5', '\\', ' ', '\u0001', 'ü');
    const cut = fc.tuple(text, fc.nat(4_000), fc.nat(5), put).map(([whole, at, length, sign]) => {
      const place = at % whole.length;
      return whole.slice(0, place) + sign + whole.slice(place + length);
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(text, cut), { minLength: 2, maxLength: 8 }), (series) => {
        expectTheSame(series);
      }),
      { numRuns: 1_000 },
    );
  });
});
