import { expect } from 'chai';
import { energyOf } from '../../lib/sandbox/energy.ts';
import type { AssetSpec } from '../../lib/sandbox/sandbox.ts';
import { energiesBySlot, SHAPE_NAMES } from '../../lib/sandbox/shapes.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('profiles', () => {
  it('give a slot the power of its time of day times its length', () => {
    const hourly = { powerW: Array.from({ length: 24 }, (_, hour) => hour * 100) };
    expect(energiesBySlot(hourly, 60)[7]).to.equal(0.7);
    expect(energiesBySlot(hourly, 15).slice(28, 33)).to.deep.equal([0.175, 0.175, 0.175, 0.175, 0.2]);
  });

  it('are averaged over slots longer than their steps', () => {
    expect(energiesBySlot({ powerW: [1000, 3000] }, 1440)).to.deep.equal([48]);
    const thirds = energiesBySlot({ powerW: [1000, 2000, 3000, 4000] }, 480);
    expect(thirds[0]).to.be.closeTo(6 + 4, 1e-12);
    expect(sum(thirds)).to.be.closeTo(60, 1e-12);
  });

  for (const shape of SHAPE_NAMES) {
    it(`${shape} is never below zero and comes to the energy asked for`, () => {
      const energies = energiesBySlot({ shape, energyKWhPerDay: 12.5 }, 15);
      expect(energies).to.have.length(96);
      expect(Math.min(...energies)).to.be.at.least(0);
      expect(sum(energies)).to.be.closeTo(12.5, 1e-9);
    });
  }

  it('let the sun shine from four to eight only, most at noon', () => {
    const energies = energiesBySlot({ shape: 'solar', energyKWhPerDay: 20 }, 60);
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
    const battery = energyOf(spec, 15);
    battery.openSlot(0);
    expect([battery.toBuyKWh(), battery.toSellKWh()]).to.deep.equal([1, 1]);
    battery.bought(0.4);
    battery.sold(1);
    expect([battery.toBuyKWh(), battery.toSellKWh()]).to.deep.equal([0.6, 0]);
  });

  it('sells down to its least charge, and buys up to its most with the losses on top', () => {
    const battery = energyOf(spec, 60);
    battery.openSlot(0);
    expect(battery.toSellKWh()).to.equal(3);
    expect(battery.toBuyKWh()).to.equal(4);
    battery.bought(4);
    battery.openSlot(1);
    expect(battery.charge!.usedKWh()).to.be.closeTo(8.2, 1e-12);
    expect(battery.toBuyKWh()).to.equal(1);
  });

  it('can sell what it bought in the next slot only', () => {
    const battery = energyOf({ ...spec, initialSocPercent: 20 }, 60);
    battery.openSlot(0);
    battery.bought(2);
    expect(battery.toSellKWh()).to.equal(0);
    battery.openSlot(1);
    expect(battery.toSellKWh()).to.equal(1.6);
  });
});

describe('a smart meter', () => {
  it('consumes in one slot and produces in another', () => {
    const meter = energyOf({ type: 'smart-meter', name: 'M', powerW: [600, -400] }, 720);
    meter.openSlot(0);
    expect([meter.toBuyKWh(), meter.toSellKWh()]).to.deep.equal([7.2, 0]);
    meter.openSlot(1);
    expect([meter.toBuyKWh(), meter.toSellKWh()]).to.deep.equal([0, 4.8]);
    meter.sold(1);
    expect(meter.toSellKWh()).to.be.closeTo(3.8, 1e-12);
  });
});
