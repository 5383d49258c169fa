import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { SchedulerLike } from 'rxjs';
import { GsyError, messageOf } from '../errors.ts';
import type { Metrics } from '../report/metrics.ts';
import type { Log } from './log.ts';

/** What counts a run, until it is closed. */
export interface Meters extends Pick<Metrics, 'measured' | 'watch'> {
  close(): Promise<void>;
}

const NONE: Meters = {
  measured: (transport) => transport,
  watch: () => undefined,
  close: () => Promise.resolve(),
};

/**
 * Counts a run, and the process beside it, and serves that at `/metrics` to this machine alone. Who names no port loads
 * no meters.
 *
 * @param port 0 is a free one
 * @throws GsyError `ERR_GSY_OPTIONS` when the port cannot be opened
 */
export const openMeters = async (
  port: number | undefined,
  scheduler: SchedulerLike,
  log: Log,
): Promise<Meters> => {
  if (port === undefined) return NONE;
  const { metrics } = await import('../report/metrics.ts');
  const { collectDefaultMetrics } = await import('prom-client');
  const { registry, measured, watch } = metrics({ scheduler });
  collectDefaultMetrics({ register: registry });
  const { url, close } = await serve(registry, port);
  log('info', `metrics for Prometheus are at ${url}`);
  return { measured, watch, close };
};

/** Under another name a web page of somebody else may be asking, from a browser on this machine. */
const OWN_NAME = /^(127\.0\.0\.1|localhost)(:\d+)?$/i;

const serve = async (registry: Registry, port: number) => {
  const server = createServer((request, response) => {
    const isAsked = request.method === 'GET' && request.url === '/metrics';
    if (!isAsked || !OWN_NAME.test(request.headers.host ?? '')) {
      response.writeHead(404).end();
      return;
    }
    void registry
      .metrics()
      .then((text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text));
  });
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new GsyError('ERR_GSY_OPTIONS', `the metrics port could not be opened: ${messageOf(error)}`);
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    close: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
};
