import { GsyError } from '../errors.ts';
import { hostedAccess, HOSTED_VARIABLES, type HostedFlags } from './hosted.ts';
import type { Log } from './log.ts';
import { guardRedisPassword } from './secrets.ts';
import type { Terminal } from './terminal.ts';
import { hostedVenue, redisVenue, sandboxVenue, type SandboxFlags, type Venue } from './venue.ts';

/** The options that say on which exchange a strategy trades. */
export interface VenueFlags extends SandboxFlags, HostedFlags {
  readonly redis?: string;
  readonly runOnRedis?: true;
  readonly configurationId?: string;
}

/** The Redis of this machine, as the official client has it. */
const LOCAL_REDIS = 'redis://localhost:6379';

/** The options that go with one kind of exchange alone. */
const OPTIONS_OF = {
  embedded: { sandbox: '--sandbox', slotLengthRealtime: '--slot-length-realtime', seed: '--seed' },
  local: { redis: '--redis', runOnRedis: '--run-on-redis', configurationId: '--configuration-id' },
  hosted: {
    username: '--username',
    password: '--password',
    passwordFile: '--password-file',
    domainName: '--domain-name',
    webSocket: '--web-socket',
    simulationId: '--simulation-id',
    simulationConfigPath: '--simulation-config-path',
  },
} as const;
type Kind = keyof typeof OPTIONS_OF;

/**
 * The exchange that the command line names; else the one that the official client's environment variables name; else
 * the embedded one.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when the options name exchanges of several kinds, or too little is known of one
 */
export const venueOf = async (flags: VenueFlags, terminal: Terminal, log: Log): Promise<Venue> => {
  switch (kindOf(flags, terminal)) {
    case 'embedded':
      return sandboxVenue(flags);
    case 'local':
      return localVenue(flags, terminal, log);
    case 'hosted':
      return hostedVenue(await hostedAccess(flags, terminal, log), log);
  }
};

const kindOf = (flags: VenueFlags, { env }: Terminal): Kind => {
  const given = (Object.keys(OPTIONS_OF) as readonly Kind[]).flatMap((kind) =>
    Object.entries(OPTIONS_OF[kind])
      .filter(([flag]) => flags[flag as keyof VenueFlags] !== undefined)
      .map(([, option]) => ({ kind, option })),
  );
  const [first] = given;
  const other = given.find(({ kind }) => kind !== first?.kind);
  if (first === undefined) return kindOfEnvironment(env);
  if (other === undefined) return first.kind;
  throw new GsyError(
    'ERR_GSY_OPTIONS',
    `${first.option} is for the ${first.kind} exchange and ${other.option} for a ${other.kind} one; leave one of them out`,
  );
};

const kindOfEnvironment = (env: Terminal['env']): Kind => {
  if (env.API_CLIENT_RUN_ON_REDIS?.toLowerCase() === 'true') return 'local';
  return (env[HOSTED_VARIABLES.simulationId] ?? '') === '' ? 'embedded' : 'hosted';
};

const localVenue = ({ redis, configurationId }: VenueFlags, { env }: Terminal, log: Log): Venue => {
  const ofEnvironment = env.REDIS_URL ?? '';
  const url = redis ?? (ofEnvironment === '' ? LOCAL_REDIS : ofEnvironment);
  guardRedisPassword(url, log, redis === undefined ? undefined : 'REDIS_URL with --run-on-redis keeps it');
  return redisVenue(url, configurationId);
};
