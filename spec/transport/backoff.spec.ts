import { expect } from 'chai';
import fc from 'fast-check';
import { backoffMs } from '../../lib/transport/backoff.ts';

describe('backoffMs', () => {
  it('waits half to all of what the trouble has taken so far, from 25 ms to the most', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (troubleMs) => {
        const fullMs = Math.min(30_000, 50 + Math.max(0, troubleMs));
        expect(backoffMs(troubleMs, 30_000)).to.be.within(fullMs / 2, fullMs);
      }),
    );
  });

  it('keeps many clients apart', () => {
    const pauses = Array.from({ length: 100 }, () => backoffMs(10_000, 30_000));
    expect(Math.max(...pauses) - Math.min(...pauses)).to.be.above(2_000);
  });
});
