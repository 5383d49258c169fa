import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { config } from 'rxjs';
import { messageOf } from '../errors.ts';
import { listCommand } from './listCommand.ts';
import { runCommand, type RunFlags } from './runCommand.ts';
import { sandboxCommand, type SandboxCommandFlags } from './sandboxCommand.ts';
import { EXIT, exitCodeOf, LOG_LEVELS, type Terminal } from './terminal.ts';

/**
 * The runner: reads the command line, does what it says, and returns the exit code: 0 for success, 1 when a run went
 * wrong, 2 for a command line or file to be mended, 130 after Ctrl-C.
 */
export const main = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  let exitCode: number = EXIT.ok;
  const complain = (error: unknown) => {
    terminal.err.write(`error: ${messageOf(error)}\n`);
    exitCode = exitCodeOf(error);
  };
  // The last net: an error that no stream handles must end in a failure code and not in a stack trace.
  config.onUnhandledError = complain;
  const program = build(terminal, (code) => {
    if (exitCode === EXIT.ok) exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    // Commander has printed its own message.
    if (error instanceof CommanderError) exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else complain(error);
  }
  return exitCode;
};

const build = (terminal: Terminal, exit: (code: number) => void): Command => {
  const program = new Command('gsy-rx')
    .description('Trades energy on a Grid Singularity Exchange with strategies written as RxJS streams.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
    })
    .showHelpAfterError('(gsy-rx --help shows all commands)');
  program
    .command('run')
    .description('let a strategy trade')
    .argument('<strategy>', 'the name of a strategy that comes along, or a file of your own')
    .option(
      '--sandbox [community.json]',
      'trade on the embedded exchange, with its default community or this one',
    )
    .option('--redis <url>', 'trade on a local exchange over its Redis, like redis://localhost:6379')
    .option('--configuration-id <id>', "the local exchange's CONFIGURATION_ID, where it has one")
    .addOption(
      new Option(
        '--market-type <type>',
        'how orders meet; no message tells, and in a one-sided market bids of loads are refused',
      )
        .choices(['two-sided', 'one-sided'])
        .default('two-sided'),
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
    .option('--release', 'on Ctrl-C let all areas go, so that others can take them')
    .option('--seed <number>', 'makes the embedded exchange draw other ids', wholeNumber)
    .addOption(
      new Option('--log-level <level>', 'how much is told on stderr').choices(LOG_LEVELS).default('info'),
    )
    .action(async (strategy: string, flags: RunFlags) => exit(await runCommand(strategy, flags, terminal)));
  program
    .command('sandbox')
    .description('run the embedded exchange for clients on a Redis, until its simulation ends')
    .argument('[community.json]', 'the community; the default one without it')
    .requiredOption('--redis <url>', 'the Redis on which clients reach it, like redis://localhost:6379')
    .option('--slot-length-realtime <time>', 'real time for each market slot', milliseconds, 4_000)
    .option('--seed <number>', 'makes it draw other ids and lots', wholeNumber)
    .addOption(
      new Option('--log-level <level>', 'how much is told on stderr').choices(LOG_LEVELS).default('info'),
    )
    .action(async (community: string | undefined, flags: SandboxCommandFlags) =>
      exit(await sandboxCommand(community, flags, terminal)),
    );
  program
    .command('list')
    .description('show the strategies that come along')
    .action(async () => exit(await listCommand(terminal)));
  return program;
};

const list = (text: string): readonly string[] => {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('Give names separated by commas.');
  return names;
};

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

const milliseconds = (text: string): number => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(number) * UNITS[unit as keyof typeof UNITS];
  if (Number.isFinite(ms) && ms >= 1) return ms;
  throw new InvalidArgumentError('Give a time of at least 1ms, like 500ms, 4s, 15m or 1h.');
};

const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Give a whole number from 0 on.');
};
