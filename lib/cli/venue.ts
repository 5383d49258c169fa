import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { map, VirtualTimeScheduler, type Observable, type SchedulerLike } from 'rxjs';
import { GsyError, messageOf } from '../errors.ts';
import type { Market } from '../events.ts';
import type { FeeUnit } from '../model/grid.ts';
import { realTime } from '../operators/realTime.ts';
import {
  defaultCommunity,
  openSandbox,
  parseCommunity,
  traitsOf,
  type Community,
  type Sandbox,
} from '../sandbox/sandbox.ts';
import type { ExchangeTraits } from '../sink/refusal.ts';
import { memoryBus, memoryTransport } from '../transport/memory.ts';
import { redisTransport } from '../transport/redis.ts';
import { restTransport } from '../transport/rest.ts';
import type { Transport } from '../transport/transport.ts';
import { simulationOf, type HostedAccess } from './hosted.ts';
import type { Log } from './log.ts';
import { warnOfVersion } from './session.ts';
import { passVirtualTime } from './virtualTime.ts';

/** How far something is. */
export interface Progress {
  readonly value: number;
  readonly total: number;
  readonly label: string;
}

/** Where a strategy trades: an exchange, the way to it, and its time. */
export interface Venue {
  /** For people. */
  readonly name: string;
  /** How orders meet, whether they choose, and what grid fees are counted in, where that is known. */
  readonly marketType?: ExchangeTraits['marketType'];
  readonly degreesOfFreedom?: boolean;
  readonly feeUnit?: FeeUnit;
  readonly transport: Transport;
  readonly scheduler: SchedulerLike;
  start(): void;
  /** Lets time pass until the run is over, where it does not pass by itself. */
  passTime(isOver: () => boolean): Promise<void>;
  stop(): void;
  progress$(market: Market): Observable<Progress>;
}

/** How the embedded exchange runs. */
export interface SandboxFlags {
  readonly sandbox?: true | string;
  readonly slotLengthRealtime?: number;
  readonly seed?: number;
}

/** The embedded exchange, in virtual time unless a real one is asked for. */
export const sandboxVenue = async ({
  sandbox: file,
  slotLengthRealtime,
  seed,
}: SandboxFlags): Promise<Venue> => {
  const community = typeof file === 'string' ? await readCommunity(file) : defaultCommunity;
  const virtual = slotLengthRealtime === undefined ? new VirtualTimeScheduler() : undefined;
  const scheduler = virtual ?? realTime;
  const bus = memoryBus(scheduler);
  const sandbox = openSandbox(community, {
    scheduler,
    bus,
    ...(seed !== undefined && { seed }),
    ...(slotLengthRealtime !== undefined && { realTimePerSlotMs: slotLengthRealtime }),
  });
  const time = virtual === undefined ? 'real time' : 'virtual time';
  return {
    name: `the embedded exchange, ${typeof file === 'string' ? file : 'default community'}, ${time}`,
    transport: memoryTransport(bus),
    ...traitsOf(community),
    scheduler,
    start: () => sandbox.start(),
    passTime: async (isOver) => {
      if (virtual !== undefined) await passVirtualTime(virtual, community.slotLengthMinutes * 60_000, isOver);
    },
    stop: () => sandbox.stop(),
    progress$: () => slotProgress(sandbox),
  };
};

/** How far the embedded exchange is with its slots. */
export const slotProgress = ({ progress$ }: Sandbox): Observable<Progress> =>
  progress$.pipe(
    map(({ index, count, slot }) => ({ value: index + 1, total: count, label: `slots  ${slot}` })),
  );

/** A community from its file, with the profiles in files beside it; every mistake is told. */
export const readCommunity = async (file: string): Promise<Community> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new GsyError('ERR_GSY_COMMUNITY', `${file} could not be read: ${messageOf(error)}`);
  });
  try {
    return parseCommunity(text, (name) => readFileSync(resolve(dirname(file), name), 'utf8'));
  } catch (error) {
    throw error instanceof GsyError ? new GsyError(error.code, `${file}: ${error.message}`) : error;
  }
};

/** A local exchange, over its Redis. */
export const redisVenue = (url: string, configurationId?: string): Venue => ({
  name: 'a local exchange over Redis',
  transport: redisTransport({ url, ...(configurationId !== undefined && { configurationId }) }),
  ...inTimeOfTheExchange,
});

/** A simulation on a hosted exchange. */
export const hostedVenue = (access: HostedAccess, log: Log): Venue => {
  const simulationId = simulationOf(access);
  const transport = restTransport({ ...access, simulationId });
  warnOfVersion(transport.apiVersion$, log);
  return {
    name: `${access.config?.name ?? 'simulation'} (${simulationId}) at ${access.domainName}`,
    transport,
    ...traitsOfConfig(access),
    ...inTimeOfTheExchange,
  };
};

const traitsOfConfig = ({ config }: HostedAccess): Pick<Venue, 'marketType' | 'feeUnit'> => {
  const { spotMarketType, feeUnit } = config ?? {};
  return {
    ...((spotMarketType === 'one-sided' || spotMarketType === 'two-sided') && { marketType: spotMarketType }),
    ...(feeUnit !== undefined && { feeUnit }),
  };
};

const inTimeOfTheExchange: Omit<Venue, 'name' | 'transport'> = {
  scheduler: realTime,
  start: () => undefined,
  passTime: () => Promise.resolve(),
  stop: () => undefined,
  // How long the simulation lasts no message tells; the running slot is what can be shown.
  progress$: ({ tick$ }) =>
    tick$.pipe(
      map(({ progress, slot }) => ({ value: Math.round(progress * 100), total: 100, label: `% of ${slot}` })),
    ),
};
