import { expect } from 'chai';

const exportsOf = async (door: string) => Object.keys((await import(door)) as object).sort();

describe('the public doors', () => {
  it('gsy-rx opens on these', async () => {
    expect(await exportsOf('gsy-rx')).to.deep.equal([
      'GsyError',
      'SMALLEST_ENERGY_KWH',
      'aggregatorUuidOf',
      'areaEvents',
      'assetInfo',
      'bidEnergy',
      'bidEnergyRate',
      'changeGridFeesPercent',
      'combineStrategies',
      'compareVersions',
      'decodeSimulationConfig',
      'deleteBid',
      'deleteOffer',
      'eachAsset',
      'executeBatchCommands',
      'feesToGrid',
      'fromCallbacks',
      'fromProgress',
      'gridAsks',
      'gridFee',
      'gridFees',
      'gridPays',
      'isLoad',
      'isMarketArea',
      'isPv',
      'isSmartMeter',
      'isStorage',
      'lastMarketDsoStats',
      'limitEnergy',
      'limitRate',
      'listBids',
      'listOffers',
      'memoryBus',
      'memoryTransport',
      'offerEnergy',
      'offerEnergyRate',
      'oncePerSlot',
      'rampRate',
      'redisTransport',
      'restTransport',
      'run',
      'setEnergyForecast',
      'setEnergyMeasurement',
      'skipDust',
      'supersede',
    ]);
  });
  it('gsy-rx/testing opens on these', async () => {
    expect(await exportsOf('gsy-rx/testing')).to.deep.equal([
      'aFirstSlot',
      'aGrid',
      'aLoad',
      'aMarket',
      'aMarketArea',
      'aPv',
      'aSlot',
      'aSmartMeter',
      'aStorage',
      'aTick',
      'aTrade',
      'finished',
      'marbles',
    ]);
  });
  it('gsy-rx/sandbox opens on these', async () => {
    expect(await exportsOf('gsy-rx/sandbox')).to.deep.equal([
      'defaultCommunity',
      'openSandbox',
      'parseCommunity',
      'redisBus',
    ]);
  });

  it('gsy-rx/sandbox/http opens on these', async () => {
    expect(await exportsOf('gsy-rx/sandbox/http')).to.deep.equal(['openHttpDoor']);
  });
});
