import { expect } from 'chai';
import { pauseAfter } from '../../lib/transport/restPause.ts';

describe('pauseAfter', () => {
  for (const [status, retryAfter, pauseMs] of [
    [429, '7', 7_000],
    [503, '0', 0],
    [503, 'Thu, 01 Jan 1970 00:00:09 GMT', 8_000],
    [429, 'Thu, 01 Jan 1970 00:00:00 GMT', 0],
    [429, '999999999999', 60_000],
    [429, 'Fri, 31 Dec 9999 23:59:59 GMT', 60_000],
    [429, '-5', 0],
    [429, 'soon', 0],
    [429, '', 0],
    [429, undefined, 0],
    [500, '7', 0],
    [200, '7', 0],
  ] as const)
    it(`is ${pauseMs} ms after status ${status} with Retry-After ${retryAfter ?? 'missing'}`, () => {
      expect(pauseAfter(status, retryAfter, 1_000)).to.equal(pauseMs);
    });
});
