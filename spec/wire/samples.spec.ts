import { expect } from 'chai';
import { isLeft } from 'fp-ts/lib/Either.js';
import { decode } from './decode.ts';
import type { Frame } from '../../lib/wire/messages.ts';
import { failureLine } from '../../lib/wire/report.ts';
import { recordedCases, recordedRun } from './recorded.ts';

const problemsOf = (frames: readonly Frame[]): readonly string[] =>
  frames.flatMap((frame) => {
    const result = decode(frame, { feeUnit: 'cents/kWh' });
    if (isLeft(result)) return [failureLine(result.left)];
    return 'unreadable' in result.right ? result.right.unreadable.map(failureLine) : [];
  });

const FILES = [
  'aggregator-commands',
  'aggregator-events',
  'batch-commands',
  'configuration-id',
  'control',
  'degrees-of-freedom-disabled',
  'direct-asset-api',
  'direct-asset-events',
  'percentage-fees',
  'registration',
  'settlement-and-future',
];

const RUNS = ['samples/default-community-full-day.jsonl.gz', 'fidelity/client/messages.jsonl.gz'];

describe('decode, on messages recorded from the exchange', () => {
  for (const file of FILES) {
    it(`understands everything that was sent and received in ${file}`, () => {
      const frames = recordedCases(file).flatMap(({ sent, received }) => [
        ...(sent ? [sent] : []),
        ...received,
      ]);
      expect(frames).to.not.be.empty;
      expect(problemsOf(frames)).to.deep.equal([]);
    });
  }

  for (const run of RUNS) {
    it(`understands every message of the whole run ${run}`, () => {
      const frames = recordedRun(run);
      expect(frames).to.have.length.above(1900);
      expect(problemsOf(frames)).to.deep.equal([]);
    });
  }

  it('understands all answers to dangerous messages, and decodes or refuses the messages themselves', () => {
    const cases = recordedCases('dangerous');
    expect(cases).to.have.length(57);
    expect(problemsOf(cases.flatMap(({ received }) => received))).to.deep.equal([]);
    for (const { sent } of cases) expect(() => problemsOf(sent ? [sent] : [])).to.not.throw();
  });

  it('gives the same message for the text and for its bytes', () => {
    for (const frame of recordedCases('aggregator-events').flatMap(({ received }) => received)) {
      const bytes = { ...frame, data: new TextEncoder().encode(frame.data) };
      expect(decode(bytes, { feeUnit: 'cents/kWh' })).to.deep.equal(decode(frame, { feeUnit: 'cents/kWh' }));
    }
  });
});
