import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { forgetProxies } from './transport/proxyServer.ts';

/**
 * Mocha's root set-up: the specs of the Redis transport talk to a real `redis-server`. Where it is missing it is
 * installed (Debian, as root) or the run stops and says what to install; these specs are never skipped.
 *
 * The servers of the specs are on this machine, where no proxy of the environment leads.
 */
export const mochaGlobalSetup = (): void => {
  forgetProxies();
  if (hasRedisServer()) return;
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0)
    throw new Error('The specs need redis-server: install it, e.g. "sudo apt-get install redis-server".');
  process.stderr.write('redis-server is missing: installing it with apt-get …\n');
  if (!aptGet('install', '-y', 'redis-server')) {
    aptGet('update');
    aptGet('install', '-y', 'redis-server');
  }
  if (!hasRedisServer())
    throw new Error('redis-server could not be installed: run "apt-get install redis-server" and see why.');
};

const hasRedisServer = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

// The lock is waited for: somebody else may be installing at the same moment.
const aptGet = (...args: readonly string[]): boolean =>
  spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'ignore'],
  }).status === 0;
