import { readFile } from 'node:fs/promises';
import { GsyError, messageOf } from '../errors.ts';
import { decodeSimulationConfig, type SimulationConfig } from '../wire/config.ts';
import { failureLine } from '../wire/report.ts';
import type { Log } from './log.ts';
import { warnOfCommandLine } from './secrets.ts';
import type { Terminal } from './terminal.ts';

/** Which hosted exchange, and who asks; what is missing comes from the environment, a config file or a question. */
export interface HostedFlags {
  readonly username?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly domainName?: string;
  readonly webSocket?: string;
  readonly simulationId?: string;
  readonly simulationConfigPath?: string;
}

/** Where a hosted exchange is and who logs in there. */
export interface HostedAccess {
  readonly domainName: string;
  readonly webSocketDomainName: string;
  readonly username: string;
  readonly password: string;
  /** Undefined where no simulation has been named. */
  readonly simulationId?: string;
  /** What the config file says, where one was named. */
  readonly config?: SimulationConfig;
}

/** The exchange that the official client speaks to unless told otherwise. */
export const DEFAULT_DOMAIN = 'https://d3aweb.gridsingularity.com';
export const DEFAULT_WEB_SOCKET = 'wss://d3aweb.gridsingularity.com/external-ws';

/** The official client's environment variables for a hosted exchange. */
export const HOSTED_VARIABLES = {
  username: 'API_CLIENT_USERNAME',
  password: 'API_CLIENT_PASSWORD',
  domainName: 'API_CLIENT_DOMAIN_NAME',
  webSocket: 'API_CLIENT_WEBSOCKET_DOMAIN_NAME',
  simulationId: 'API_CLIENT_SIMULATION_ID',
} as const;

/**
 * Puts together who logs in where: the command line first, then the environment; a config file overrules both for
 * domains and simulation. A password given nowhere is asked for.
 *
 * The log keeps the password to itself from then on.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` or `ERR_GSY_CONFIG` that says what is missing or wrong and how to give it
 */
export const hostedAccess = async (
  flags: HostedFlags,
  terminal: Terminal,
  log: Log,
): Promise<HostedAccess> => {
  const given = { ...fromEnvironment(terminal), ...flags };
  const config =
    flags.simulationConfigPath === undefined ? undefined : await readConfig(flags.simulationConfigPath);
  const username = given.username ?? config?.username;
  if (username === undefined)
    throw new GsyError('ERR_GSY_OPTIONS', `who logs in? Give --username or ${HOSTED_VARIABLES.username}`);
  const password = await findPassword(flags, username, terminal, log);
  log.hide(password);
  const simulationId = config?.uuid ?? given.simulationId;
  return {
    domainName: config?.domainName ?? given.domainName ?? DEFAULT_DOMAIN,
    webSocketDomainName: config?.webSocketDomainName ?? given.webSocket ?? DEFAULT_WEB_SOCKET,
    username,
    password,
    ...(simulationId !== undefined && { simulationId }),
    ...(config !== undefined && { config }),
  };
};

/** The simulation that is meant, where one has to be. */
export const simulationOf = ({ simulationId }: HostedAccess): string => {
  if (simulationId !== undefined) return simulationId;
  throw new GsyError(
    'ERR_GSY_OPTIONS',
    `which simulation? Give --simulation-id, --simulation-config-path or ${HOSTED_VARIABLES.simulationId}`,
  );
};

// An empty variable is as good as none.
const fromEnvironment = ({ env }: Terminal): HostedFlags =>
  Object.fromEntries(
    Object.entries(HOSTED_VARIABLES)
      .filter(([flag]) => flag !== 'password')
      .map(([flag, variable]) => [flag, env[variable]])
      .filter(([, value]) => value !== undefined && value !== ''),
  ) as HostedFlags;

const readConfig = async (file: string): Promise<SimulationConfig> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new GsyError('ERR_GSY_CONFIG', `${file} could not be read: ${messageOf(error)}`);
  });
  const config = decodeSimulationConfig(text);
  if (config._tag === 'Left')
    throw new GsyError('ERR_GSY_CONFIG', `${file} is no simulation config: ${failureLine(config.left)}`);
  return config.right;
};

const findPassword = async (
  { password, passwordFile }: HostedFlags,
  username: string,
  { env, askSecret }: Terminal,
  log: Log,
): Promise<string> => {
  if (password !== undefined) {
    log.hide(password);
    warnOfCommandLine(
      `${HOSTED_VARIABLES.password}, --password-file or the question at the start keep it`,
      log,
    );
    return password;
  }
  if (passwordFile !== undefined) return readPassword(passwordFile);
  const ofEnvironment = env[HOSTED_VARIABLES.password] ?? '';
  if (ofEnvironment !== '') return ofEnvironment;
  if (askSecret !== undefined) return askSecret(`password of ${username}: `);
  throw new GsyError(
    'ERR_GSY_OPTIONS',
    `there is no password for ${username}; put it into ${HOSTED_VARIABLES.password} or give --password-file`,
  );
};

const readPassword = async (file: string): Promise<string> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new GsyError('ERR_GSY_OPTIONS', `the password file could not be read: ${messageOf(error)}`);
  });
  const [password = ''] = text.split(/\r?\n/, 1);
  if (password === '')
    throw new GsyError('ERR_GSY_OPTIONS', `${file} begins with an empty line, not a password`);
  return password;
};
