import { expect } from 'chai';
import { VirtualTimeScheduler, type SchedulerLike } from 'rxjs';
import { openPace, type Pace } from '../../lib/sandbox/pace.ts';

/** A pace of a tick each 10 ms, of five ticks, and when they came. */
const paced = (during: (pace: Pace, tick: number) => void = () => undefined) => {
  const scheduler = new VirtualTimeScheduler();
  const ticks: number[] = [];
  const pace: Pace = openPace(scheduler, 10, () => {
    ticks.push(scheduler.now());
    during(pace, ticks.length);
    return ticks.length < 5;
  });
  const at = (time: number, act: () => void) => scheduler.schedule(act, time);
  return { pace, ticks, at, flush: () => scheduler.flush() };
};

describe('the pace of the sandbox', () => {
  it('ticks from one tick length after the start on, until the last', () => {
    const { pace, ticks, flush } = paced();
    pace.start();
    pace.start();
    flush();
    expect(ticks).to.deep.equal([10, 20, 30, 40, 50]);
  });

  it('stands still while paused, and goes on one tick length after it is resumed', () => {
    const { pace, ticks, at, flush } = paced();
    pace.start();
    at(25, () => pace.pause());
    at(27, () => pace.pause());
    at(103, () => pace.resume());
    at(104, () => pace.resume());
    flush();
    expect(ticks).to.deep.equal([10, 20, 113, 123, 133]);
  });

  it('goes on at its pace when the clock is set back', () => {
    const scheduler = new VirtualTimeScheduler();
    let backMs = 0;
    const clock: SchedulerLike = {
      now: () => scheduler.now() - backMs,
      schedule: scheduler.schedule.bind(scheduler),
    };
    const ticks: number[] = [];
    const pace = openPace(clock, 10, () => {
      ticks.push(scheduler.now());
      return ticks.length < 4;
    });
    pace.start();
    scheduler.schedule(() => (backMs = 3_600_000), 25);
    scheduler.flush();
    expect(ticks).to.deep.equal([10, 20, 30, 40]);
  });

  it('does not start while paused, nor by being resumed', () => {
    const { pace, ticks, at, flush } = paced();
    pace.pause();
    pace.start();
    at(50, () => pace.resume());
    flush();
    expect(ticks[0]).to.equal(60);

    const never = paced();
    never.pace.pause();
    never.pace.resume();
    never.flush();
    expect(never.ticks).to.be.empty;
  });

  it('is over once stopped, whatever is asked of it then', () => {
    const { pace, ticks, at, flush } = paced();
    pace.start();
    at(25, () => {
      pace.stop();
      pace.pause();
      pace.resume();
      pace.start();
    });
    flush();
    expect(ticks).to.deep.equal([10, 20]);
  });

  it('can be paused and stopped from within a tick', () => {
    const stopped = paced((pace, tick) => {
      if (tick === 2) pace.stop();
    });
    stopped.pace.start();
    stopped.flush();
    expect(stopped.ticks).to.deep.equal([10, 20]);

    const paused = paced((pace, tick) => {
      if (tick === 2) pace.pause();
    });
    paused.pace.start();
    paused.at(100, () => paused.pace.resume());
    paused.flush();
    expect(paused.ticks).to.deep.equal([10, 20, 110, 120, 130]);

    const both = paced((pace) => {
      pace.pause();
      pace.resume();
    });
    both.pace.start();
    both.flush();
    expect(both.ticks).to.deep.equal([10, 20, 30, 40, 50]);
  });
});
