import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { API_VERSION } from '../transport/restVersion.ts';
import { MAX_BODY_BYTES } from './httpLimits.ts';
import { isLoopback } from './httpLogin.ts';
import { problem, statusOf } from './httpProblem.ts';

const HEADERS = {
  'api-version': API_VERSION,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** A request has to be there within this time, ms. */
const MAX_REQUEST_MS = 30_000;
const MAX_CONNECTIONS = 10_000;

/**
 * A web server without routes, to be bound to this host: bounded, answering every error in JSON, with headers that keep
 * browsers from harm.
 */
export const httpServer = (host: string): FastifyInstance => {
  const server = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: MAX_REQUEST_MS,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // What is no URL reaches neither hooks nor the handler of errors.
    frameworkErrors: (error, _, reply) =>
      void answer(problem(statusOf(error), 'The URL cannot be read.'), reply),
  });
  server.server.maxConnections = MAX_CONNECTIONS;
  // The official client sends its transaction id with GET requests too.
  server.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
  server.addHook('onRequest', ({ hostname }, reply, done) => {
    void reply.headers(HEADERS);
    // A web page whose name somebody lets lead to this machine speaks for that name.
    if (isLoopback(host) && !isLoopback(hostname) && hostname !== host)
      throw problem(421, 'This server is known by other names.');
    done();
  });
  server.setErrorHandler((error, _, reply) => answer(error, reply));
  server.setNotFoundHandler(() => {
    throw problem(404, 'Not found.');
  });
  return server;
};

/** Of what nobody has foreseen nothing is told. */
const answer = (error: unknown, reply: FastifyReply) => {
  const status = statusOf(error);
  const detail = status !== 500 && error instanceof Error ? error.message : 'The server failed.';
  if (error instanceof Error && 'retryAfterS' in error) void reply.header('retry-after', error.retryAfterS);
  return reply.headers(HEADERS).code(status).send({ detail });
};
