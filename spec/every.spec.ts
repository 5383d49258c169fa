import { expect } from 'chai';
import { VirtualTimeScheduler } from 'rxjs';
import { every } from '../lib/every.ts';

describe('every', () => {
  it('gives a value each time that so many ms have passed', () => {
    const scheduler = new VirtualTimeScheduler();
    const at: number[] = [];
    const ticking = every(10, scheduler).subscribe(() => at.push(scheduler.now()));
    scheduler.maxFrames = 35;
    scheduler.flush();
    expect(at).to.deep.equal([10, 20, 30]);
    ticking.unsubscribe();
  });

  it('ends after a hundred thousand values as it ends after one, and leaves no timer', () => {
    const scheduler = new VirtualTimeScheduler();
    let count = 0;
    const ticking = every(1, scheduler).subscribe(() => (count += 1));
    scheduler.maxFrames = 100_000;
    scheduler.flush();
    expect(() => ticking.unsubscribe()).not.to.throw();
    expect(count).to.equal(100_000);
    expect(scheduler.actions.filter(({ closed }) => !closed)).to.have.length(0);
  });
});
