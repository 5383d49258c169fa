import { asyncScheduler, lastValueFrom, take } from 'rxjs';
import { GsyError, messageOf } from '../errors.ts';
import { summary } from '../report/table.ts';
import {
  defaultCommunity,
  openSandbox,
  type Community,
  type Results,
  type Sandbox,
} from '../sandbox/sandbox.ts';
import type { Account, Ledger } from '../report/ledger.ts';
import { present } from '../wire/present.ts';
import { askedToEnd, type EarlyEnd } from './askedToEnd.ts';
import type { Log } from './log.ts';
import { showProgress } from './progressBar.ts';
import { doorsOf, type DoorFlags } from './sandboxDoors.ts';
import { EXIT, type Terminal } from './terminal.ts';
import { readCommunity, slotProgress } from './venue.ts';

/** The options of `gsy-rx sandbox`. */
export interface SandboxCommandFlags extends DoorFlags {
  readonly slotLengthRealtime?: number;
  readonly speed?: number;
  readonly seed?: number;
  readonly validate?: true;
  readonly strict?: true;
  readonly configurationId?: string;
}

/**
 * Runs the embedded exchange for clients at its doors until its simulation ends or Ctrl-C, and prints its books; or
 * tells whether a community file is sound.
 */
export const sandboxCommand = async (
  file: string | undefined,
  flags: SandboxCommandFlags,
  terminal: Terminal,
  log: Log,
): Promise<number> => {
  const community = file === undefined ? defaultCommunity : await readCommunity(file);
  if (flags.validate === true) {
    terminal.out.write(`${file ?? 'the default community'} is sound: ${sizeOf(community)}\n`);
    return EXIT.ok;
  }
  const realTimePerSlotMs = slotTime(flags, community);
  const doors = await doorsOf(flags, community, terminal, log);
  const { seed, strict, configurationId } = flags;
  const sandbox = openSandbox(community, {
    scheduler: asyncScheduler,
    bus: doors.bus,
    realTimePerSlotMs,
    ...present({ seed, strict, configurationId }),
  });
  try {
    await doors.open();
    log(
      'info',
      `the exchange is up: ${community.slots} slots, ${realTimePerSlotMs / 1_000} s of real time each`,
    );
    const end = await theEnd(sandbox, terminal);
    return conclude(end, sandbox.results(), terminal, log);
  } finally {
    sandbox.stop();
    await doors.close();
  }
};

/** How a run of the exchange ended. */
interface End {
  readonly early: EarlyEnd | undefined;
  /** What a strict exchange died of. */
  readonly death: string | undefined;
}

const theEnd = async (sandbox: Sandbox, terminal: Terminal): Promise<End> => {
  const progress = showProgress(slotProgress(sandbox), terminal);
  let early: EarlyEnd | undefined;
  askedToEnd(terminal)
    .pipe(take(1))
    .subscribe((cause) => {
      early = cause;
      sandbox.stop();
    });
  const ended = lastValueFrom(sandbox.progress$, { defaultValue: undefined }).then(
    () => undefined,
    (error: unknown) => messageOf(error),
  );
  sandbox.start();
  const death = await ended;
  progress.stop();
  return { early, death };
};

const conclude = ({ early, death }: End, results: Results, terminal: Terminal, log: Log): number => {
  terminal.out.write(summary(ledgerOf(results)));
  if (results.dangers > 0)
    log(
      'warn',
      `${results.dangers} messages or commands of clients would have ended or deafened the real exchange`,
    );
  if (death !== undefined) {
    log('error', death);
    return EXIT.failed;
  }
  if (early === 'accident') return EXIT.failed;
  return early === undefined ? EXIT.ok : EXIT[early];
};

const DEFAULT_SLOT_MS = 4_000;

const slotTime = ({ slotLengthRealtime, speed }: SandboxCommandFlags, community: Community): number => {
  if (speed === undefined) return slotLengthRealtime ?? DEFAULT_SLOT_MS;
  if (slotLengthRealtime === undefined) return (community.slotLengthMinutes * 60_000) / speed;
  throw new GsyError(
    'ERR_GSY_OPTIONS',
    '--speed and --slot-length-realtime say the same thing; leave one of them out',
  );
};

type AreaSpec = Community['grid'];

const sizeOf = (community: Community): string => {
  const areas = (area: AreaSpec): readonly AreaSpec[] => [area, ...(area.areas ?? []).flatMap(areas)];
  const all = areas(community.grid);
  const assets = all.flatMap((area) => area.assets ?? []);
  return `${all.length} markets, ${assets.length} assets, ${community.slots} slots of ${community.slotLengthMinutes} min`;
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
