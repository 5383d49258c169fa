import { expect } from 'chai';
import { conclude, type Conclusion } from '../../lib/cli/conclusion.ts';
import type { Log, LogLevel } from '../../lib/cli/log.ts';
import { GsyError } from '../../lib/errors.ts';
import type { Trouble } from '../../lib/report/trouble.ts';

const NONE: Trouble = {
  failures: new Map(),
  commands: [],
  outages: [],
  restarts: 0,
  missedSlots: 0,
  refusedAreas: [],
};

/** How a run concludes that finished with this trouble, and the errors that are told. */
const concluded = (trouble: Partial<Trouble>, rest: Partial<Conclusion> = {}) => {
  const errors: unknown[] = [];
  const log = ((level: LogLevel, told: unknown) => level === 'error' && errors.push(told)) as unknown as Log;
  const wrong = { ...NONE, ...trouble };
  const code = conclude(
    {
      end: { reason: 'finished' },
      early: undefined,
      trouble: wrong,
      areas: 'all',
      cancelOrders: false,
      ...rest,
    },
    log,
  );
  return { code, errors };
};

const pv = { status: 'refused', uuid: 'pv', name: 'PV', reason: 'held by another' } as const;

describe('the exit code of a run', () => {
  const fine: readonly (readonly [string, Partial<Trouble>])[] = [
    ['nothing went wrong', {}],
    ['the exchange rejected orders', { commands: [{ kind: 'rejected', reason: 'too much', count: 9 }] }],
    ['replies came to somebody else', { failures: new Map([['unexpected-reply', 2]]) }],
    [
      'outages are over',
      { outages: [{ of: 'exchange', count: 1, seconds: 60, over: true }], restarts: 1, missedSlots: 4 },
    ],
    ['areas that nobody named were not to be had', { refusedAreas: [pv] }],
  ];
  for (const [what, trouble] of fine)
    it(`is 0 when ${what}`, () => {
      expect(concluded(trouble)).to.deep.equal({ code: 0, errors: [] });
    });

  const wrong: readonly (readonly [string, Partial<Trouble>, Partial<Conclusion>, string])[] = [
    ['a strategy failed', { failures: new Map([['strategy-failure', 1]]) }, {}, '1 failures'],
    [
      'commands were not answered',
      { commands: [{ kind: 'unanswered', reason: 'no reply', count: 2 }] },
      {},
      '2 commands without an answer',
    ],
    [
      'commands could not be sent',
      { commands: [{ kind: 'unsent', reason: 'gone', count: 3 }] },
      {},
      '3 commands that could not be sent',
    ],
    [
      'the exchange was lost and not back',
      { outages: [{ of: 'exchange', count: 1, seconds: 60, over: false }] },
      {},
      'the exchange was gone at the end',
    ],
    [
      'a named asset was not to be had',
      { refusedAreas: [pv] },
      { areas: ['PV'] },
      'PV was not under control',
    ],
  ];
  for (const [what, trouble, rest, message] of wrong)
    it(`is 1 when ${what}, and one line says so`, () => {
      const { code, errors } = concluded(trouble, rest);
      expect(code).to.equal(1);
      expect(errors).to.deep.equal([`this run went wrong: ${message}`]);
    });

  it('is that of the signal after a signal, and the error is told all the same', () => {
    const trouble = { failures: new Map([['decode-failure', 1]] as const) };
    const { code, errors } = concluded(trouble, { end: { reason: 'stopped' }, early: 'SIGTERM' });
    expect(code).to.equal(143);
    expect(errors).to.have.length(1);
  });

  it('is 1 after an accident, a lost connection, and a failure that is nobody’s to mend', () => {
    expect(concluded({}, { end: { reason: 'stopped' }, early: 'accident' }).code).to.equal(1);
    expect(concluded({}, { end: { reason: 'disconnected' } }).code).to.equal(1);
    const error = new GsyError('ERR_GSY_NO_EXCHANGE', 'no exchange answered');
    expect(concluded({}, { end: { reason: 'failed', error } })).to.deep.equal({
      code: 1,
      errors: [error.message],
    });
  });

  it('is 2 when a set-up is to be mended', () => {
    const error = new GsyError('ERR_GSY_UNKNOWN_AREA', 'no area named Windmill');
    expect(concluded({}, { end: { reason: 'failed', error } }).code).to.equal(2);
  });
});
