import { expect } from 'chai';
import fc from 'fast-check';
import { bidEnergy, deleteBid, listBids, offerEnergy } from '../../lib/commands.ts';
import type { Command } from '../../lib/model/commands.ts';
import { successors } from '../../lib/operators/successors.ts';
import { refused } from './refused.ts';

describe('the successors of the commands of a burst', () => {
  it('are the newest order per asset, side and slot, for those that it replaces', () => {
    const [first, second, newest] = [10, 20, 30].map((price) => bidEnergy('load', 1, price));
    expect(successors([first!, second!, newest!])).to.deep.equal([newest, newest, undefined]);
  });

  it('are none where nothing is replaced', () => {
    const commands = [
      bidEnergy('load', 1, 10),
      listBids('load'),
      offerEnergy('load', 1, 10),
      bidEnergy('charger', 1, 10),
      bidEnergy('load', 1, 10, { timeSlot: '2026-06-21T11:45' }),
      deleteBid('load', 'all'),
      deleteBid('load', 'all'),
    ];
    expect(new Set(successors(commands))).to.deep.equal(new Set([undefined]));
  });

  it('are never orders that will not be sent, and those have none', () => {
    const bid = bidEnergy('load', 1, 10);
    const unsendable = [bidEnergy('load', NaN, 10), bidEnergy('load', 0, 10), refused(bid, 'no')];
    expect(successors([bid, ...unsendable])).to.deep.equal([undefined, undefined, undefined, undefined]);
    expect(successors([...unsendable, bid])).to.deep.equal([undefined, undefined, undefined, undefined]);
  });

  it('come later, replace, remain themselves, and are for the same asset and side', () => {
    const order = fc.record({
      make: fc.constantFrom(bidEnergy, offerEnergy),
      area: fc.constantFrom('load', 'storage'),
      energyKWh: fc.constantFrom(1, 2, NaN),
      replaceExisting: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(order), (orders) => {
        const commands: readonly Command[] = orders.map(({ make, area, energyKWh, replaceExisting }) =>
          make(area, energyKWh, 10, { replaceExisting }),
        );
        const found = successors(commands);
        expect(found).to.have.length(commands.length);
        for (const [place, by] of found.entries()) {
          if (by === undefined) continue;
          const { kind, areaUuid } = commands[place]!;
          expect(commands.indexOf(by)).to.be.above(place);
          expect(found[commands.indexOf(by)]).to.equal(undefined);
          expect(by).to.include({ kind, areaUuid, replaceExisting: true });
        }
      }),
    );
  });
});
