import { expect } from 'chai';
import { lane } from '../../lib/transport/lane.ts';

describe('lane', () => {
  const gate = () => {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    return { opened, open };
  };

  it('runs one job after the other, in the order given, whoever comes in between', async () => {
    const inLane = lane(1);
    const told: string[] = [];
    const { opened, open } = gate();
    const job = (name: string, until?: Promise<void>) =>
      inLane(async () => {
        told.push(`${name} starts`);
        await until;
        told.push(`${name} ends`);
      });
    const first = job('a', opened).then(() => job('c'));
    const second = job('b');
    open();
    await Promise.all([first, second]);
    expect(told).to.deep.equal(['a', 'b', 'c'].flatMap((name) => [`${name} starts`, `${name} ends`]));
  });

  it('goes on after a job that fails, and tells its failure', async () => {
    const inLane = lane(1);
    const failing = inLane(() => Promise.reject(new Error('no')));
    const next = inLane(() => Promise.resolve('yes'));
    expect(await failing.catch((error: unknown) => String(error))).to.equal('Error: no');
    expect(await next).to.equal('yes');
  });

  it('runs as many at a time as there is room for', async () => {
    const inLane = lane(2);
    const { opened, open } = gate();
    let started = 0;
    const jobs = [1, 2, 3].map(() =>
      inLane(() => {
        started += 1;
        return opened;
      }),
    );
    expect(started).to.equal(2);
    open();
    await Promise.all(jobs);
    expect(started).to.equal(3);
  });
});
