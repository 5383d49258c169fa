import { expect } from 'chai';
import { aggregatorUuidOf, combineStrategies } from 'gsy-rx';
import basic from '../../strategies/basic.ts';
import { comeAlong, readyToRun } from '../strategies/comeAlong.ts';
import { doors, memoryDoor } from './doors.ts';
import { AGGREGATOR, everything, playScenario, type Seen } from './scenario.ts';

/** Over REST the server chooses the aggregator's uuid, so the exchange hears of it under that one; nothing else differs. */
const underOurUuid = ({ batches }: Seen): readonly string[] =>
  batches.map((batch) => batch.replace(/(?<="aggregator_uuid": ?")[^"]+(?=")/, aggregatorUuidOf(AGGREGATOR)));

const itIsAsInMemory = (reference: () => Seen, seen: () => Seen) => {
  it('runs to the end of the simulation', () => {
    expect(seen().end).to.deep.equal({ reason: 'finished' });
    expect(seen().dangers).to.equal(0);
    expect(seen().failures).to.deep.equal(reference().failures);
  });

  it('takes the same areas', () => {
    expect(seen().held).to.deep.equal([
      'Battery',
      'Grid',
      'House',
      'Load',
      'Meter',
      'PV',
      'Told Load',
      'Told PV',
    ]);
  });

  it('shows the strategy the same events', () => {
    expect(seen().events.length).to.be.above(40);
    expect(seen().events).to.deep.equal(reference().events);
  });

  it('sends the same batches, to the byte', () => {
    expect(underOurUuid(seen())).to.deep.equal(reference().batches);
  });

  it('ends every command in the same outcome', () => {
    expect(seen().outcomes).to.deep.equal(reference().outcomes);
  });
};

describe('the contract of all transports', () => {
  const scenarios = [
    ['every command, sound and unsound', () => combineStrategies(basic, everything)],
    ...comeAlong.map(({ name }) => [`strategies/${name}`, () => readyToRun(name)] as const),
  ] as const;

  it('is tried with every outcome that an exchange at peace can give, and without a failure', async () => {
    const { outcomes, failures } = await playScenario(memoryDoor, combineStrategies(basic, everything));
    const kinds = new Set(outcomes.map(({ kind }) => kind));
    expect([...kinds]).to.have.members(['accepted', 'rejected', 'refused', 'superseded']);
    expect(failures).to.be.empty;
  });

  for (const [name, strategy] of scenarios)
    describe(name, () => {
      let reference: Seen;
      before(async () => (reference = await playScenario(memoryDoor, strategy())));

      for (const [way, door] of Object.entries(doors))
        describe(way, () => {
          let seen: Seen;
          before(async () => (seen = await playScenario(door, strategy())));

          itIsAsInMemory(
            () => reference,
            () => seen,
          );
        });
    });
});
