import { expect } from 'chai';
import { firstValueFrom, from, map, Subject } from 'rxjs';
import type { Outcome } from 'gsy-rx';
import { aGrid, aLoad, aMarketArea, aSlot } from 'gsy-rx/testing';
import { ledger } from '../../lib/report/ledger.ts';
import { summary } from '../../lib/report/table.ts';
import {
  failureLine,
  lineOf,
  printable,
  printableJson,
  reportFailure,
  sampleOf,
} from '../../lib/wire/report.ts';
import { gsyRx } from '../cli/terminal.ts';

/** Clears the screen, sets the title, forges a line, deletes it, rings, turns the reading direction. */
const HOSTILE = 'Load\u001b[2J\u001b]0;owned\u0007\r\u009b31m\u0000\u202egnirts\u2066\u007f';
// eslint-disable-next-line no-control-regex -- that there are none is the point
const STEERING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe('what others have named', () => {
  it('does not steer the terminal from the books', async () => {
    const load = aLoad({ name: HOSTILE });
    const outcome$ = new Subject<Outcome>();
    const event$ = from([aSlot({ grid: aGrid([aMarketArea('home', [load])]) })]);
    const books = firstValueFrom(ledger(event$, outcome$).pipe(map((each) => summary(each))));
    outcome$.complete();
    expect(await books)
      .to.include('Load')
      .and.not.to.match(STEERING);
  });

  it('does not steer the terminal from failures, samples and lines', () => {
    const failure = reportFailure(HOSTILE, 'a number', { [HOSTILE]: HOSTILE });
    for (const text of [failureLine(failure), sampleOf(HOSTILE), lineOf(HOSTILE)])
      expect(text).not.to.match(STEERING).and.not.to.include('\n');
  });

  it('does not steer the terminal from errors', async () => {
    const { err, code } = await gsyRx('run', `no-such-strategy${HOSTILE}`);
    expect(code).to.equal(2);
    expect(err).to.include('no-such-strategy').and.not.to.match(STEERING);
  });

  it('keeps its lines, and what is JSON for programs the same value', () => {
    expect(printable('one\ntwo')).to.equal('one\ntwo');
    const json = printableJson(JSON.stringify({ name: HOSTILE }));
    expect(json).not.to.match(STEERING);
    expect(JSON.parse(json)).to.deep.equal({ name: HOSTILE });
  });
});
