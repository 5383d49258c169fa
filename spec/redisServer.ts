import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

/** How to start a server: on which port (a free one unless said otherwise), with which further settings. */
export interface RedisServerOptions {
  readonly port?: number;
  readonly settings?: readonly string[];
}

/** A real Redis of this test alone; nothing is kept on disk. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Shuts it down in order. */
  stop(): Promise<void>;
  /** As by `kill -9`. */
  kill(): Promise<void>;
  /** Hangs without closing a connection, until `resume`. */
  pause(): void;
  resume(): void;
}

/** Starts a `redis-server` and resolves when it accepts connections. */
export const startRedisServer = async ({
  port,
  settings = [],
}: RedisServerOptions = {}): Promise<RedisServer> => {
  const itsPort = port ?? (await freePort());
  const fixed = ['--port', String(itsPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', [...fixed, ...settings], { stdio: ['ignore', 'pipe', 'inherit'] });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));
  await ready(child);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    // One that hangs hears no other signal.
    child.kill('SIGCONT');
    await exited;
  };
  return {
    port: itsPort,
    url: `redis://127.0.0.1:${itsPort}`,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  };
};

/** A port of this machine on which nothing listens. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const ready = async (child: ChildProcess): Promise<void> => {
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    said.push(line);
    if (!line.includes('Ready to accept connections')) continue;
    // What it says later is not read, and must not fill its pipe.
    child.stdout!.resume();
    return;
  }
  throw new Error(`redis-server did not start: ${said.join('\n')}`);
};
