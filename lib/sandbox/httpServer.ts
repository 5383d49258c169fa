import Fastify, { type FastifyInstance } from 'fastify';
import { API_VERSION } from '../transport/restVersion.ts';
import { problem, statusOf } from './httpProblem.ts';

const HEADERS = {
  'api-version': API_VERSION,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const MAX_BODY_BYTES = 1024 * 1024;
/** A request has to be there within this time, ms. */
const MAX_REQUEST_MS = 30_000;

/** A web server without routes: bounded, answering every error in JSON, with headers that keep browsers from harm. */
export const httpServer = (): FastifyInstance => {
  const server = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: MAX_REQUEST_MS,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
  });
  // The official client sends its transaction id with GET requests too.
  server.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
  server.addHook('onRequest', (_, reply, done) => {
    void reply.headers(HEADERS);
    done();
  });
  server.setErrorHandler((error, _, reply) => {
    const status = statusOf(error);
    const detail = status !== 500 && error instanceof Error ? error.message : 'The server failed.';
    return reply.code(status).send({ detail });
  });
  server.setNotFoundHandler(() => {
    throw problem(404, 'Not found.');
  });
  return server;
};
