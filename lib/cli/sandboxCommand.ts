import { asyncScheduler, firstValueFrom, lastValueFrom } from 'rxjs';
import { summary } from '../report/table.ts';
import { defaultCommunity, openSandbox, redisBus, type Results } from '../sandbox/sandbox.ts';
import type { Account, Ledger } from '../report/ledger.ts';
import { showProgress } from './progressBar.ts';
import { EXIT, logTo, type LogLevel, type Terminal } from './terminal.ts';
import { readCommunity, slotProgress } from './venue.ts';

/** The options of `gsy-rx sandbox`. */
export interface SandboxCommandFlags {
  readonly redis: string;
  readonly slotLengthRealtime: number;
  readonly seed?: number;
  readonly logLevel: LogLevel;
}

/** Runs the embedded exchange for clients on a Redis until its simulation ends or Ctrl-C, and prints its books. */
export const sandboxCommand = async (
  file: string | undefined,
  flags: SandboxCommandFlags,
  terminal: Terminal,
): Promise<number> => {
  const { slotLengthRealtime, seed } = flags;
  const log = logTo(terminal, flags.logLevel);
  const community = file === undefined ? defaultCommunity : await readCommunity(file);
  const bus = redisBus(flags.redis);
  bus.status$.subscribe((status) => {
    if (status.state === 'gap') log('warn', `nobody hears the exchange: ${status.reason}`);
  });
  const sandbox = openSandbox(community, {
    scheduler: asyncScheduler,
    bus,
    realTimePerSlotMs: slotLengthRealtime,
    ...(seed !== undefined && { seed }),
  });
  await firstValueFrom(bus.opened(), { defaultValue: undefined });
  log(
    'info',
    `the exchange is up: ${community.slots} slots, ${slotLengthRealtime / 1_000} s of real time each`,
  );

  const progress = showProgress(slotProgress(sandbox), terminal);
  const interruption = { heard: false };
  terminal.onInterrupt(() => {
    interruption.heard = true;
    sandbox.stop();
  });
  const ended = lastValueFrom(sandbox.progress$, { defaultValue: undefined });
  sandbox.start();
  await ended;
  progress.stop();
  await firstValueFrom(bus.close(), { defaultValue: undefined });
  const results = sandbox.results();
  terminal.out.write(summary(ledgerOf(results)));
  if (results.dangers > 0)
    log(
      'warn',
      `${results.dangers} messages or commands of clients would have ended or deafened the real exchange`,
    );
  return interruption.heard ? EXIT.interrupted : EXIT.ok;
};

const ledgerOf = ({ assets, markets }: Results): Ledger => {
  const sum = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0);
  const makers = new Set(assets.filter(({ type }) => type === 'market-maker').map(({ name }) => name));
  const homes = assets.filter(({ name }) => !makers.has(name));
  const consumers = new Set(homes.filter(({ demandKWh }) => demandKWh > 0).map(({ name }) => name));
  // A trade that went through several markets stands in each; the buyer's own market is the one where it is itself.
  const local = markets
    .flatMap(({ trades }) => trades)
    .filter(
      ({ buyer, buyerOrigin, sellerOrigin }) =>
        buyer === buyerOrigin && consumers.has(buyer) && !makers.has(sellerOrigin),
    );
  return {
    accounts: homes.map((asset): Account => ({
      areaUuid: asset.uuid,
      name: asset.name,
      kind: asset.type === 'market-maker' ? 'unknown' : asset.type,
      bought: { energyKWh: asset.boughtKWh, moneyCents: asset.paidCents },
      sold: { energyKWh: asset.soldKWh, moneyCents: asset.earnedCents },
      outcomes: {},
    })),
    demandKWh: sum(homes.map(({ demandKWh }) => demandKWh)),
    productionKWh: sum(homes.map(({ productionKWh }) => productionKWh)),
    boughtLocallyKWh: sum(local.map(({ energyKWh }) => energyKWh)),
    slots: new Set(markets.flatMap(({ trades }) => trades.map(({ slot }) => slot))).size,
  };
};
