import { hostedSession, type HostedSession } from '../lib/transport/hostedSession.ts';
import { startRestServer, USER, type RestServer } from './transport/restServer.ts';

/** A server for each spec of the suite that asks for it, and sessions with it, which are closed after the spec. */
export const hostedSessions = () => {
  const at = {} as { server: RestServer };
  const sessions: HostedSession[] = [];
  const connect = (password = USER.password): HostedSession => {
    const session = hostedSession({ ...USER, domainName: at.server.domainName, password });
    sessions.push(session);
    return session;
  };
  /** What was asked, but for logins. */
  const heard = () =>
    at.server.heard
      .filter(({ path }) => path !== '/api-token-auth/')
      .map(({ method, path, body }) => ({ method, path, body }));
  const logins = () => at.server.heard.length - heard().length;

  beforeEach(async () => (at.server = await startRestServer()));
  afterEach(async () => {
    for (const session of sessions.splice(0)) session.close();
    await at.server.stop();
  });
  return { at, connect, heard, logins };
};
