import { expect } from 'chai';
import fc from 'fast-check';
import { bidEnergy, deleteBid, listBids, offerEnergy } from '../../lib/commands.ts';
import type { Command } from '../../lib/model/commands.ts';
import { coalesce } from '../../lib/operators/coalesce.ts';

describe('coalesce', () => {
  it('keeps the newest order per asset, side and slot, and names it to those it replaces', () => {
    const [first, second, newest] = [10, 20, 30].map((price) => bidEnergy('load', 1, price));
    expect(coalesce([first!, second!, newest!])).to.deep.equal({
      remaining: [newest],
      superseded: [
        { kind: 'superseded', command: first, by: newest },
        { kind: 'superseded', command: second, by: newest },
      ],
    });
  });

  it('keeps all that nothing replaces, in its order', () => {
    const commands = [
      bidEnergy('load', 1, 10),
      listBids('load'),
      offerEnergy('load', 1, 10),
      bidEnergy('charger', 1, 10),
      bidEnergy('load', 1, 10, { timeSlot: '2026-06-21T11:45' }),
      deleteBid('load', 'all'),
      deleteBid('load', 'all'),
    ];
    expect(coalesce(commands)).to.deep.equal({ remaining: commands, superseded: [] });
  });

  it('lets an unsound order stand beside a sound one', () => {
    const commands = [bidEnergy('load', 1, 10), bidEnergy('load', NaN, 10), bidEnergy('load', 0, 10)];
    expect(coalesce(commands).remaining).to.deep.equal(commands);
  });

  it('loses no command, keeps the order, and drops an order only for a later replacing one', () => {
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
        const { remaining, superseded } = coalesce(commands);
        const place = (command: Command) => commands.indexOf(command);
        const inOrder = (places: readonly number[]) => places.toSorted((a, b) => a - b);
        expect(remaining.map(place)).to.deep.equal(inOrder(remaining.map(place)));
        expect(inOrder([...remaining, ...superseded.map(({ command }) => command)].map(place))).to.deep.equal(
          [...commands.keys()],
        );
        for (const { command, by } of superseded) {
          expect(remaining).to.include(by);
          expect(place(by)).to.be.above(place(command));
          expect(by).to.include({ kind: command.kind, areaUuid: command.areaUuid, replaceExisting: true });
        }
      }),
    );
  });
});
