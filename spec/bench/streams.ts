import { deepStrictEqual } from 'node:assert/strict';
import { bidEnergyRate, gridFee, offerEnergyRate, type Command, type Tick } from 'gsy-rx';
import { aMarket } from 'gsy-rx/testing';
import { asyncScheduler, map, NEVER, range, Subject } from 'rxjs';
import { eventStreams } from '../../lib/events.ts';
import { eventsChannel } from '../../lib/wire/channels.ts';
import basic from '../../strategies/basic.ts';
import { contest } from './contest.ts';
import { eventSeries, treeTexts } from './events.ts';
import { assetsOf, SIZES, type Figure, type Measure } from './figures.ts';

/** The ticks of a slot, as a run has them. */
const ticksOf = (assets: number): readonly Tick[] => {
  const series = eventSeries(treeTexts(assets, 0.1, 6));
  const channel = eventsChannel('aggregator');
  const { market, connect } = eventStreams({
    frame$: range(0, 10).pipe(map(() => ({ channel, data: series.next().value }))),
    outcome$: NEVER,
    scheduler: asyncScheduler,
    report: () => undefined,
    feeUnit: 'cents/kWh',
    configurationId: '',
  });
  const ticks: Tick[] = [];
  market.tick$.subscribe((tick) => ticks.push(tick));
  connect();
  return ticks;
};

const between = (from: number, to: number, way: number) => from + (to - from) * way;

/** What the basic strategy does, in a loop. */
const byHand = ({ grid, progress, feedInTariffRate = 0, marketMakerRate = 0 }: Tick): readonly Command[] => {
  const commands: Command[] = [];
  const way = Math.floor(progress * 10 + 1e-9) / 10;
  const middle = (feedInTariffRate + marketMakerRate) / 2;
  for (const asset of grid.assets) {
    const fee = gridFee(grid, asset.uuid);
    const [pays, asks] = [feedInTariffRate - fee, marketMakerRate + fee];
    const bid = (energyKWh: number, rate: number) =>
      commands.push(bidEnergyRate(asset.uuid, energyKWh, Math.max(0, rate)));
    const offer = (energyKWh: number, rate: number) =>
      commands.push(offerEnergyRate(asset.uuid, energyKWh, Math.max(0, rate)));
    if (asset.kind === 'load')
      bid(asset.energyRequirementKWh, progress >= 0.8 ? asks : between(pays, asks, way));
    else if (asset.kind === 'pv')
      offer(asset.availableEnergyKWh, progress >= 0.8 ? pays : between(asks, pays, way));
    else if (asset.kind === 'storage') {
      bid(asset.tradableToBuyKWh, between(pays, middle, way));
      offer(asset.tradableToSellKWh, between(asks, middle, way));
    }
  }
  return commands;
};

/** Gives ticks to the basic strategy; it answers within the call. */
const answering = () => {
  const tickSubject = new Subject<Tick>();
  let commands: Command[] = [];
  basic(aMarket(tickSubject)).subscribe((command) => commands.push(command));
  return (tick: Tick): readonly Command[] => {
    commands = [];
    tickSubject.next(tick);
    return commands;
  };
};

const inOrder = (commands: readonly Command[]) =>
  [...commands].sort((one, other) =>
    `${one.areaUuid} ${one.kind}`.localeCompare(`${other.areaUuid} ${other.kind}`),
  );

/** The basic strategy as streams, from a decoded event to its commands, beside the same in a loop. */
export const measure: Measure = async (effort) => {
  const figures: Figure[] = [];
  for (const assets of SIZES) {
    const ticks = ticksOf(assets);
    const answer = answering();
    for (const tick of ticks) deepStrictEqual(inOrder(answer(tick)), inOrder(byHand(tick)));
    let [given, looped] = [0, 0];
    const tickOf = (index: number) => ticks[index % ticks.length]!;
    figures.push({
      name: `strategy per event, ${assetsOf(assets)}`,
      ...(await contest(
        { ours: () => answer(tickOf(given++)), floor: () => byHand(tickOf(looped++)) },
        effort,
      )),
    });
  }
  return figures;
};
