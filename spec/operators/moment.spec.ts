import { deepStrictEqual } from 'node:assert/strict';
import { expect } from 'chai';
import { withAsset, withRate, withSize } from '../../lib/operators/moment.ts';
import { aFirstSlot, aGrid, aLoad, aTick } from '../../lib/testing.ts';

const asset = aLoad();
const grid = aGrid([asset]);
const size = { side: 'bid', energyKWh: 0.5 } as const;

describe('a moment', () => {
  it('is the event with the asset, the rate and the size, in whichever order they come', () => {
    for (const event of [aTick({ grid }), aTick({ grid, simulationId: 'simulation' }), aFirstSlot()]) {
      deepStrictEqual(withAsset(event, asset), { ...event, asset });
      const whole = { ...event, asset, rate: 20, ...size };
      deepStrictEqual(withSize(withRate(withAsset(event, asset), 20), size), whole);
      deepStrictEqual(withRate(withSize(withAsset(event, asset), size), 20), whole);
    }
  });

  it('takes the newest rate and size', () => {
    const first = withSize(withRate(withAsset(aTick({ grid }), asset), 20), size);
    const other = { side: 'offer', energyKWh: 1 } as const;
    deepStrictEqual(withRate(first, 30), { ...first, rate: 30 });
    deepStrictEqual(withSize(first, other), { ...first, ...other });
  });

  it('keeps what others have added to it', () => {
    const event = { ...aTick({ grid }), '': 7 };
    const whole = { ...event, asset, rate: 20, ...size };
    deepStrictEqual(withSize(withRate(withAsset(event, asset), 20), size), whole);
    const later = { ...withAsset(aTick({ grid }), asset), average: 3 };
    deepStrictEqual(withRate(later, 20), { ...later, rate: 20 });
  });

  it('leaves what it is a copy of as it was', () => {
    const event = Object.freeze(aTick({ grid }));
    const moment = Object.freeze(withAsset(event, asset));
    withSize(Object.freeze(withRate(moment, 20)), size);
    expect(event).not.to.have.property('asset');
    expect(moment).not.to.have.property('rate');
  });

  it('is a plain object, which can be spread and compared', () => {
    const moment = withRate(withAsset(aTick({ grid }), asset), 20);
    expect(Object.getPrototypeOf(moment)).to.equal(Object.prototype);
    deepStrictEqual({ ...moment }, moment);
  });
});
