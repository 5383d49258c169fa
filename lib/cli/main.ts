import { createRequire } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { messageOf } from '../errors.ts';
import type { HostedFlags } from './hosted.ts';
import { initCommand } from './initCommand.ts';
import { listCommand } from './listCommand.ts';
import {
  aggregatorsCommand,
  forecastCommand,
  networksCommand,
  registryCommand,
  type LookupFlags,
} from './lookupCommands.ts';
import { openLog, type Log, type LogFormat, type LogLevel } from './log.ts';
import {
  energy,
  list,
  milliseconds,
  port,
  positive,
  wholeNumber,
  withHostedOptions,
  withLogOptions,
} from './options.ts';
import { runCommand, type RunFlags } from './runCommand.ts';
import { sandboxCommand, type SandboxCommandFlags } from './sandboxCommand.ts';
import { setting } from './settings.ts';
import { printable } from '../wire/report.ts';
import { EXIT, exitCodeOf, type Terminal } from './terminal.ts';

/**
 * The runner: reads the command line, does what it says, and returns the exit code: 0 for success, 1 when a run went
 * wrong, 2 for a command line or file to be mended, 128 and the signal's number after a signal, 130 after Ctrl-C.
 */
export const main = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  let exitCode: number = EXIT.ok;
  const program = build(terminal, (code) => {
    if (exitCode === EXIT.ok) exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    // Commander has printed its own message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    terminal.err.write(`error: ${printable(messageOf(error))}\n`);
    return exitCodeOf(error);
  }
  return exitCode;
};

interface LogFlags {
  readonly logLevel?: LogLevel;
  readonly logFormat?: LogFormat;
  readonly logFile?: string;
}

/** What a command does, with its one argument. */
type Act<Flags> = (argument: string | undefined, flags: Flags, log: Log) => Promise<number>;

const build = (terminal: Terminal, exit: (code: number) => void): Command => {
  const { version } = createRequire(import.meta.url)('gsy-rx/package.json') as { readonly version: string };
  const program = withLogOptions(new Command('gsy-rx'))
    .description('Trades energy on a Grid Singularity Exchange with strategies written as RxJS streams.')
    .version(version)
    // The log options may stand before the command or after it.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
    })
    .showHelpAfterError('(gsy-rx --help shows all commands)');
  /** Lets a command act with an open log, and gives its exit code on. */
  const acting =
    <Flags>(act: Act<Flags>) =>
    async (argument: string | undefined, flags: Flags & LogFlags): Promise<void> => {
      const { logLevel = 'info', logFormat = 'text', logFile } = { ...program.opts<LogFlags>(), ...flags };
      const log = openLog(terminal, {
        level: logLevel,
        format: logFormat,
        ...(logFile !== undefined && { file: logFile }),
      });
      terminal.onUnhandled((error) => {
        complain(log, 'an error was thrown where nothing handles it: ', error);
        exit(EXIT.failed);
      });
      try {
        exit(await act(argument, flags, log));
      } catch (error) {
        complain(log, '', error);
        exit(exitCodeOf(error));
      } finally {
        log.close();
      }
    };
  withLogOptions(runOptions(program)).action(
    acting<RunFlags>((strategy, flags, log) => runCommand(strategy, flags, terminal, log)),
  );
  withLogOptions(sandboxOptions(program)).action(
    acting<SandboxCommandFlags>((file, flags, log) => sandboxCommand(file, flags, terminal, log)),
  );
  for (const [name, description, act] of LOOKUPS) {
    const command = withHostedOptions(program.command(name))
      .description(description)
      .option('--json', 'as JSON, for other programs');
    withLogOptions(command).action((flags: LookupFlags) =>
      acting<LookupFlags>((_, given, log) => act(given, terminal, log))(undefined, flags),
    );
  }
  withLogOptions(forecastOptions(program)).action((asset: string, energyWh: number, flags: HostedFlags) =>
    acting<HostedFlags>((_, given, log) => forecastCommand(asset, energyWh, given, terminal, log))(
      undefined,
      flags,
    ),
  );
  program
    .command('list')
    .description('show the strategies that come along')
    .action(async () => exit(await listCommand(terminal)));
  program
    .command('init')
    .description('make a folder with a strategy of your own, its spec and scripts to run them')
    .argument('<folder>', 'a new folder; its name becomes that of the strategy, like my-strategy')
    .action(async (folder: string) => exit(await initCommand(folder, terminal)));
  return program;
};

// Where an error was thrown is for those who look for it.
const complain = (log: Log, what: string, error: unknown): void => {
  log('error', `${what}${messageOf(error)}`);
  if (error instanceof Error) log('debug', error.stack ?? 'it has no stack');
};

const runOptions = (program: Command): Command =>
  withHostedOptions(
    program
      .command('run')
      .description(
        'let a strategy trade: on the embedded exchange, or on the local or hosted one that the options name',
      )
      .argument('[strategy]', 'the name of a strategy that comes along, or a file of your own')
      .option('--setup <name>', 'the same as naming the strategy, as the official client has it')
      .option('-b, --base-setup-path <folder>', 'where strategies are looked for by name')
      .option(
        '--sandbox [community.json]',
        'trade on the embedded exchange, with its default community or this one',
      )
      .option('--redis <url>', 'trade on a local exchange over its Redis, like redis://localhost:6379')
      .option(
        '--run-on-redis',
        'trade on a local exchange over the Redis of this machine, or that of REDIS_URL [API_CLIENT_RUN_ON_REDIS]',
      )
      .option('--configuration-id <id>', "the local exchange's CONFIGURATION_ID, where it has one"),
  )
    .addOption(
      new Option(
        '--market-type <type>',
        'how orders meet; only a config file tells, and in a one-sided market bids of loads are refused (default: "two-sided")',
      ).choices(['two-sided', 'one-sided']),
    )
    .option('--aggregator <name>', 'the aggregator to be; that of the strategy file, or its name')
    .option('--assets <names>', 'assets to control, by name or uuid, separated by commas', list)
    .option('--markets <names>', 'markets to operate, by name or uuid, separated by commas', list)
    .option('--all', 'control every area of the grid (the default without --assets and --markets)')
    .option(
      '--slot-length-realtime <time>',
      'real time for each market slot, like 4s or 500ms; without it the day passes in virtual time, as fast as it computes',
      milliseconds,
    )
    .option(
      '--param <name=value>',
      'sets a parameter of the strategy, or names the file for it; gsy-rx list shows them (repeatable)',
      setting,
    )
    .option(
      '--degrees-of-freedom',
      'the exchange matches orders by attributes and requirements; on one that does not they end the simulation',
    )
    .option('--release', 'on Ctrl-C let all areas go, so that others can take them')
    .option('--cancel-orders', 'on Ctrl-C delete the open orders of the running slot')
    .option(
      '--stop-within <time>',
      'how long outcomes are waited for on Ctrl-C, like 5s or 3m (default: "5s")',
      milliseconds,
    )
    .option(
      '--metrics-port <number>',
      'counters and histograms for Prometheus at this port of this machine, /metrics; 0 is a free one',
      port,
    )
    .option('--seed <number>', 'makes the embedded exchange draw other ids', wholeNumber);

/** The commands that look something up on a hosted exchange. */
const LOOKUPS = [
  ['aggregators', 'show the aggregators of a hosted simulation, or yours in all', aggregatorsCommand],
  ['registry', 'show the areas of a hosted simulation and who holds them', registryCommand],
  ['networks', 'show the running canary networks and energy communities', networksCommand],
] as const;

const forecastOptions = (program: Command): Command =>
  withHostedOptions(
    program
      .command('forecast')
      .description('tell a hosted exchange what an asset will consume or produce in the next slot')
      .argument('<asset>', 'its name or uuid')
      .argument('<Wh>', 'energy in Wh', energy),
  );

const sandboxOptions = (program: Command): Command =>
  program
    .command('sandbox')
    .description('run the embedded exchange for other programs, until its simulation ends')
    .argument('[community.json]', 'the community; the default one without it')
    .option('--redis <url>', 'clients reach it on this Redis, like redis://localhost:6379')
    .option('--port <number>', 'clients reach it over HTTP and websocket on this port; 0 is a free one', port)
    .option('--host <address>', 'where the port is opened; 127.0.0.1 unless said otherwise')
    .option(
      '--users <file>',
      'who may log in: JSON with passwords by name [GSY_RX_USERS]; on this machine alone, gsy-rx with password gsy-rx unless said otherwise',
    )
    .option('--simulation-id <uuid>', 'the uuid under which clients reach the simulation over HTTP')
    .option('--slot-length-realtime <time>', 'real time for each market slot (default: 4s)', milliseconds)
    .option(
      '--speed <factor>',
      'how much faster than real time it runs, in place of the slot length',
      positive,
    )
    .option('--seed <number>', 'makes it draw other ids and lots', wholeNumber)
    .option('--configuration-id <id>', 'its configuration id, that clients on a Redis tell several by')
    .option('--strict', 'what would end or deafen the real exchange does so here too, for tests')
    .option('--validate', 'only tell whether the community file is sound, with every mistake in it');
