import { expect } from 'chai';
import { asyncScheduler, map, timer, VirtualTimeScheduler } from 'rxjs';
import { atEndOfTurn, realTime } from '../../lib/operators/realTime.ts';
import { marbles } from '../../lib/testing.ts';

/** Notes what is done, in its order. */
const diary = () => {
  const notes: string[] = [];
  return { notes, note: (what: string) => () => void notes.push(what) };
};

describe('the end of a turn', () => {
  it('comes with the microtasks in real time, before any timer', async () => {
    const { notes, note } = diary();
    const timer = new Promise<void>((resolve) =>
      realTime.schedule(() => {
        note('timer')();
        resolve();
      }, 0),
    );
    atEndOfTurn(realTime, note('end of turn'));
    note('turn')();
    await timer;
    expect(notes).to.deep.equal(['turn', 'end of turn', 'timer']);
  });

  it('does not come once it is called off', async () => {
    const { notes, note } = diary();
    atEndOfTurn(realTime, note('called off')).unsubscribe();
    atEndOfTurn(realTime, note('the next'));
    await Promise.resolve();
    expect(notes).to.deep.equal(['the next']);
  });

  it('is that of a virtual scheduler', () => {
    const { notes, note } = diary();
    const virtual = new VirtualTimeScheduler();
    atEndOfTurn(virtual, note('end of turn'));
    note('turn')();
    virtual.flush();
    expect(notes).to.deep.equal(['turn', 'end of turn']);
  });
});

describe('real time', () => {
  it(
    'is that of the default scheduler of rxjs',
    marbles(({ expectObservable }) => {
      const now$ = timer(3, realTime).pipe(map(() => [realTime.now(), asyncScheduler.now()]));
      expectObservable(now$).toBe('---(t|)', { t: [3, 3] });
    }),
  );
});
