import { expect } from 'chai';
import { energyOf } from '../../lib/sandbox/energy.ts';
import type { Slots } from '../../lib/sandbox/community.ts';
import { energiesBySlot } from '../../lib/sandbox/energies.ts';
import type { AssetSpec } from '../../lib/sandbox/sandbox.ts';
import { SHAPE_NAMES } from '../../lib/sandbox/shapes.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A day, in slots of this length. */
const slotsOf = (slotLengthMinutes: number): Slots => ({
  startDate: '2026-06-21',
  slots: 1440 / slotLengthMinutes,
  slotLengthMinutes,
});

describe('profiles', () => {
  it('give a slot the power of its time of day times its length', () => {
    const hourly = { powerW: Array.from({ length: 24 }, (_, hour) => hour * 100) };
    expect(energiesBySlot(hourly, slotsOf(60))[7]).to.equal(0.7);
    expect(energiesBySlot(hourly, slotsOf(15)).slice(28, 33)).to.deep.equal([
      0.175, 0.175, 0.175, 0.175, 0.2,
    ]);
  });

  it('are averaged over slots longer than their steps', () => {
    expect(energiesBySlot({ powerW: [1000, 3000] }, slotsOf(1440))).to.deep.equal([48]);
    const thirds = energiesBySlot({ powerW: [1000, 2000, 3000, 4000] }, slotsOf(480));
    expect(thirds[0]).to.be.closeTo(6 + 4, 1e-12);
    expect(sum(thirds)).to.be.closeTo(60, 1e-12);
  });

  for (const shape of SHAPE_NAMES) {
    it(`${shape} is never below zero and comes to the energy asked for`, () => {
      const energies = energiesBySlot({ shape, energyKWhPerDay: 12.5 }, slotsOf(15));
      expect(energies).to.have.length(96);
      expect(Math.min(...energies)).to.be.at.least(0);
      expect(sum(energies)).to.be.closeTo(12.5, 1e-9);
    });
  }

  it('let the sun shine from four to eight only, most at noon', () => {
    const energies = energiesBySlot({ shape: 'solar', energyKWhPerDay: 20 }, slotsOf(60));
    expect(energies.slice(0, 4)).to.deep.equal([0, 0, 0, 0]);
    expect(energies.slice(20)).to.deep.equal([0, 0, 0, 0]);
    expect(energies[12]).to.be.closeTo(Math.max(...energies), 1e-12);
  });
});

describe('a battery', () => {
  const spec: AssetSpec = {
    type: 'storage',
    name: 'B',
    capacityKWh: 10,
    maxPowerKW: 4,
    initialSocPercent: 50,
    minSocPercent: 20,
    maxSocPercent: 90,
    efficiencyPercent: 80,
  };

  it('trades no more than its power allows in a slot', () => {
    const battery = energyOf(spec, slotsOf(15));
    battery.openSlot(0, '');
    expect([battery.toBuyKWh(), battery.toSellKWh()]).to.deep.equal([1, 1]);
    battery.bought(0.4);
    battery.sold(1);
    expect([battery.toBuyKWh(), battery.toSellKWh()]).to.deep.equal([0.6, 0]);
  });

  it('sells down to its least charge, and buys up to its most with the losses on top', () => {
    const battery = energyOf(spec, slotsOf(60));
    battery.openSlot(0, '');
    expect(battery.toSellKWh()).to.equal(3);
    expect(battery.toBuyKWh()).to.equal(4);
    battery.bought(4);
    battery.openSlot(1, '');
    expect(battery.charge!.usedKWh()).to.be.closeTo(8.2, 1e-12);
    expect(battery.toBuyKWh()).to.equal(1);
  });

  it('can sell what it bought in the next slot only', () => {
    const battery = energyOf({ ...spec, initialSocPercent: 20 }, slotsOf(60));
    battery.openSlot(0, '');
    battery.bought(2);
    expect(battery.toSellKWh()).to.equal(0);
    battery.openSlot(1, '');
    expect(battery.toSellKWh()).to.equal(1.6);
  });
});

describe('a smart meter', () => {
  it('consumes in one slot and produces in another', () => {
    const meter = energyOf({ type: 'smart-meter', name: 'M', powerW: [600, -400] }, slotsOf(720));
    meter.openSlot(0, '');
    expect([meter.toBuyKWh(), meter.toSellKWh()]).to.deep.equal([7.2, 0]);
    meter.openSlot(1, '');
    expect([meter.toBuyKWh(), meter.toSellKWh()]).to.deep.equal([0, 4.8]);
    meter.sold(1);
    expect(meter.toSellKWh()).to.be.closeTo(3.8, 1e-12);
  });
});

describe('profiles by time', () => {
  const run = (slots: number, slotLengthMinutes: number): Slots => ({
    startDate: '2026-06-21',
    slots,
    slotLengthMinutes,
  });

  it('hold each power until the next, and repeat each day', () => {
    const profile = { powerW: { '00:00': 100, '06:00': 1000, '06:30': 0 } };
    const energies = energiesBySlot({ profile }, run(48, 60));
    expect(energies).to.have.length(24);
    expect(energies.slice(4, 8)).to.deep.equal([0.1, 0.1, 0.5, 0]);
  });

  it('spread each energy over the time until the next', () => {
    const energyKWh = { '00:00': 0.123, '00:15': 0.3, '00:45': 0 };
    expect(energiesBySlot({ profile: { energyKWh } }, run(96, 15)).slice(0, 4)).to.deep.equal([
      0.123, 0.15, 0.15, 0,
    ]);
    expect(energiesBySlot({ profile: { energyKWh } }, run(24, 60))[0]).to.be.closeTo(0.423, 1e-12);
  });

  it('give each slot of a run its own day where they are dated', () => {
    const powerW = { '2026-06-20T00:00': 1, '2026-06-21T00:00': 2, '2026-06-22T12:00': 3 };
    const energies = energiesBySlot({ profile: { powerW } }, run(4, 720));
    expect(energies.map((kWh) => Math.round((kWh * 1000) / 12))).to.deep.equal([2, 2, 2, 3]);
  });
});

describe('a load by hours', () => {
  const load = (more: object) =>
    energyOf({ type: 'load', name: 'L', averagePowerW: 200, ...more }, slotsOf(60));
  const needs = (energy: ReturnType<typeof load>, slot: number): number => {
    energy.openSlot(slot, '');
    return energy.toBuyKWh();
  };

  it('needs its power in its hours only', () => {
    const energy = load({ hoursOfDay: [0, 7] });
    expect([0, 1, 7, 8, 24].map((slot) => needs(energy, slot))).to.deep.equal([0.2, 0, 0.2, 0, 0.2]);
  });

  it('needs nothing more when it has bought the energy of its hours, until the next day', () => {
    const energy = load({ hoursPerDay: 2 });
    const bought = [0.2, 0.1, 0.1, 0].map((kWh, slot) => {
      const need = needs(energy, slot);
      energy.bought(kWh);
      return need;
    });
    expect(bought).to.deep.equal([0.2, 0.2, 0.2, 0]);
    expect([needs(energy, 4), needs(energy, 24)]).to.deep.equal([0, 0.2]);
  });
});

describe('a PV by its peak power', () => {
  const produced = (panelCount?: number): readonly number[] => {
    const count = panelCount === undefined ? {} : { panelCount };
    const pv = energyOf({ type: 'pv', name: 'P', peakPowerKW: 5, ...count }, slotsOf(15));
    return Array.from({ length: 96 }, (_, slot) => {
      pv.openSlot(slot, '');
      return pv.toSellKWh();
    });
  };

  it("follows the exchange's bell, from 8:00 to 16:30, with its top after noon", () => {
    const energies = produced();
    expect(energies.slice(0, 32).every((kWh) => kWh === 0)).to.equal(true);
    expect(energies.slice(67).every((kWh) => kWh === 0)).to.equal(true);
    expect(energies[32]).to.equal(0.2152);
    expect(Math.max(...energies))
      .to.equal(energies[49])
      .and.to.equal(1.25);
  });

  it('is that many panels of this power', () => {
    expect(produced(3)[40]).to.equal(produced()[40]! * 3);
  });
});

describe('an asset that lives on forecasts', () => {
  it('has no energy without a forecast, and a forecast for one slot only', () => {
    const load = energyOf({ type: 'load', name: 'L', forecast: true }, slotsOf(15));
    const need = (slotText: string): number => {
      load.openSlot(0, slotText);
      return load.toBuyKWh();
    };
    expect(need('2026-06-21T00:00')).to.equal(0);
    load.told!.forecastKWh.set('2026-06-21T00:15', 1.2);
    expect(need('2026-06-21T00:15')).to.equal(1.2);
    expect(load.demandKWh()).to.equal(1.2);
    expect(need('2026-06-21T00:30')).to.equal(0);
  });
});
