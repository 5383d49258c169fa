import { inspect } from 'node:util';
import { expect } from 'chai';
import { firstValueFrom, merge, NEVER } from 'rxjs';
import { run } from '../../lib/run.ts';
import type { RestTransportOptions } from '../../lib/transport/rest.ts';
import { freePort } from '../redisServer.ts';
import { forgetProxies, startProxy } from './proxyServer.ts';
import { batch, create, failure, restClients, selection } from './restClients.ts';
import { aToken, startRestServer, USER, type Answer } from './restServer.ts';

/** Something that goes wrong, and all that is told of it: errors, statuses, failures. */
interface Trouble {
  readonly meet: () => Promise<readonly unknown[]>;
  /** The code of the error, where there is one. */
  readonly code?: string;
  readonly says: RegExp;
}

const LOGIN = 'Cannot log in at https?://[\\w.:]+ as me@example\\.org: ';

describe('a hosted exchange in trouble', () => {
  const { at, connect, connectAggregator } = restClients();
  /** All that must not be told, the token that the server gives included. */
  const secrets = [USER.password, aToken({ number: 0 })];
  const spellings = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);

  /** What a careless server answers: all that it was asked. */
  const careless = (status: number, headers: Answer['headers'] = {}): Answer => ({
    status,
    headers,
    body: { detail: `You said ${spellings.join(' and ')}` },
  });
  /** The errors and statuses of a client that cannot begin. */
  const beginning = async (options: Partial<RestTransportOptions> = {}) => {
    const { transport, frame$ } = connect(options);
    const statuses: unknown[] = [];
    transport.status$.subscribe((status) => statuses.push(status));
    const errors = await Promise.all([failure(frame$), failure(transport.send(create))]);
    return [...errors, ...statuses, transport];
  };
  /** The errors of everything that is asked of a server that does this. */
  const asking = async (answer: () => Answer) => {
    const { transport } = await connectAggregator();
    const paths = ['/batch-commands/', '/graphql/', '/unselect-aggregator/'];
    for (const path of paths) at.server.answer(path, answer);
    const requests = [batch('one'), { kind: 'area-map' } as const, selection('area', 'unselect')];
    return Promise.all(requests.map((request) => failure(transport.send(request))));
  };
  /** The failures of a run that hears this. */
  const hearing = async (message: () => string) => {
    const opened = firstValueFrom(at.server.opened$);
    const { transport } = connect();
    const running = run({ transport, strategy: () => NEVER, aggregator: 'crew' });
    const { failure$, status$, control$ } = running;
    const told: unknown[] = [];
    merge<unknown[]>(failure$, status$, control$).subscribe((each) => told.push(each));
    await firstValueFrom(control$);
    const failed = firstValueFrom(failure$);
    (await opened).socket.send(message());
    await failed;
    return [...told, await running.stop()];
  };
  const gap = async (cause: (opened: Awaited<ReturnType<typeof connectAggregator>>) => void) => {
    const client = await connectAggregator();
    const told = client.status('gap');
    cause(client);
    return [await told, await failure(client.transport.send(batch('one')))];
  };
  /** How a run ends that never begins. */
  const ending = async () => {
    const { transport } = connect();
    return [await run({ transport, strategy: () => NEVER, aggregator: 'crew' }).done];
  };

  const troubles: Readonly<Record<string, Trouble>> = {
    'a wrong password': {
      meet: () => {
        at.server.answer('/api-token-auth/', () => careless(400));
        return beginning();
      },
      code: 'ERR_GSY_LOGIN',
      says: /the server refused it with status 400; check the username and the password\.$/,
    },
    'a user who is refused when the token is renewed': {
      meet: async () => {
        const { transport, frame$ } = await connectAggregator();
        const ended = failure(frame$);
        at.server.answer('/api-token-auth/', () => careless(403));
        at.server.tokens.clear();
        return [await failure(transport.send(batch('one'))), await ended];
      },
      code: 'ERR_GSY_LOGIN',
      says: /the server refused it with status 403; check the username and the password\.$/,
    },
    'an unknown simulation': {
      meet: () => {
        at.server.answer('/list-aggregators/', () => careless(404));
        return ending();
      },
      code: 'ERR_GSY_UNKNOWN_SIMULATION',
      says: /^There is no simulation sim for this user: GET http:.*\/sim\/.* status 404 \(it knows no such thing; check the simulation id and the domain name\): /,
    },
    'a wrong domain, where there is a page': {
      meet: () => {
        at.server.answer('/api-token-auth/', () => ({ body: `<html>${spellings.join()}</html>` }));
        return beginning();
      },
      code: 'ERR_GSY_TRANSPORT',
      says: /the server gave no token; is this the right domain\?$/,
    },
    'a wrong domain, where there is nothing such': {
      meet: () => {
        at.server.answer('/api-token-auth/', () => careless(404));
        return beginning();
      },
      code: 'ERR_GSY_TRANSPORT',
      says: /status 404: is this the right domain\?$/,
    },
    'a domain that does not exist': {
      meet: () => beginning({ domainName: 'https://exchange.invalid' }),
      code: 'ERR_GSY_TRANSPORT',
      says: /getaddrinfo E\w+ exchange\.invalid: .*; check the \w+/,
    },
    'nobody at the domain': {
      meet: async () => beginning({ domainName: `http://127.0.0.1:${await freePort()}` }),
      code: 'ERR_GSY_TRANSPORT',
      says: /ECONNREFUSED .*: nothing listens there; check the domain name and port$/,
    },
    'a certificate that nobody vouches for': {
      meet: async () => {
        const secure = await startRestServer(0, 'localhost');
        const told = await beginning({ domainName: secure.domainName });
        await secure.stop();
        return told;
      },
      code: 'ERR_GSY_TRANSPORT',
      says: /self-signed certificate: .* in NODE_EXTRA_CA_CERTS$/,
    },
    'a proxy that wants another password': {
      meet: async () => {
        const proxy = await startProxy();
        proxy.say = `HTTP/1.1 407 Not with ${USER.password}\r\n\r\n`;
        process.env.HTTPS_PROXY = `http://me:${encodeURIComponent(USER.password)}@127.0.0.1:${proxy.port}`;
        const told = await beginning({ domainName: 'https://exchange.example.org' });
        forgetProxies();
        await proxy.stop();
        return told;
      },
      code: 'ERR_GSY_TRANSPORT',
      says: /the proxy http:\/\/127\.0\.0\.1:\d+ opens no way to .* status 407; check the user and password in its URL$/,
    },
    'an aggregator that the server does not tell clearly': {
      meet: () => {
        at.server.answer('/create-aggregator/', () => ({ body: spellings }));
        return Promise.all([failure(connect().transport.send(create))]);
      },
      code: 'ERR_GSY_TRANSPORT',
      says: /^POST http:.*\/create-aggregator\/: \$: expected a new aggregator/,
    },
    'a websocket domain where there is no websocket': {
      meet: async () => {
        at.server.upgradeStatus = 404;
        const { transport, status } = connect();
        return [await failure(transport.send(create)), await status('gap')];
      },
      code: 'ERR_GSY_TRANSPORT',
      says: /^The websocket ws:.* is not open: .* status 404: it knows no such thing; check/,
    },
    'a websocket domain without TLS': {
      meet: async () => {
        const webSocketDomainName = at.server.webSocketDomainName.replace('ws', 'wss');
        const { transport, status } = connect({ webSocketDomainName });
        return [await failure(transport.send(create)), await status('gap')];
      },
      code: 'ERR_GSY_TRANSPORT',
      says: /^The websocket wss:.* is not open: .*: it does not speak TLS there, or not the same; check/,
    },
    'a websocket that is closed': {
      meet: () => gap(({ socket }) => socket.close(1011, secrets.join().slice(0, 120))),
      says: /the server closed the websocket \(1011\)/,
    },
    'a websocket that breaks': {
      meet: () => gap(({ socket }) => socket.terminate()),
      says: /the server closed the websocket \(1006\)/,
    },
    'a message that is not JSON': {
      meet: () => hearing(() => `Traceback: ${secrets.join()}`),
      says: /decode-failure.*Traceback: …/,
    },
    'a message that nobody knows': {
      meet: () => hearing(() => JSON.stringify({ error: `not with ${secrets.join()}` })),
      says: /decode-failure/,
    },
    ...Object.fromEntries(
      [500, 502, 503].map((status): [string, Trouble] => [
        `a login that is answered with status ${status}`,
        {
          meet: () => {
            at.server.answer('/api-token-auth/', () => careless(status));
            return beginning();
          },
          code: 'ERR_GSY_TRANSPORT',
          says: new RegExp(
            `${LOGIN}the server answered with status ${status}: the server is in trouble; try again later$`,
          ),
        },
      ]),
    ),
    ...Object.fromEntries(
      [
        [403, 'this user may not do that'],
        [404, 'it knows no such thing; check the simulation id and the domain name'],
        [429, 'the server asks for fewer requests'],
        [500, 'the server is in trouble; try again later'],
        [502, 'the server is in trouble; try again later'],
        [503, 'the server is in trouble; try again later'],
      ].map(([status, meaning]): [string, Trouble] => [
        `a request that is answered with status ${status}`,
        {
          meet: () => asking(() => careless(Number(status), { 'retry-after': '0' })),
          code: 'ERR_GSY_TRANSPORT',
          says: new RegExp(
            `http://.* the server answered with status ${status} \\(${meaning}\\): "{.*You said … and …`,
          ),
        },
      ]),
    ),
  };

  const linesOf = (told: readonly unknown[]) =>
    told.map((each) =>
      each instanceof Error ? each.message : inspect(each, { depth: null, breakLength: Infinity }),
    );

  for (const [name, { meet, code, says }] of Object.entries(troubles))
    it(`tells of ${name}: what, where, what to do, and nothing secret`, async () => {
      const told = await meet();
      const ended = told.flatMap((each) =>
        typeof each === 'object' && each !== null && 'error' in each ? [each.error] : [each],
      );
      const lines = linesOf(ended);
      expect(
        lines.some((line) => says.test(line)),
        lines.join('\n'),
      ).to.equal(true);
      if (code !== undefined) expect(ended[0]).to.include({ code });
      for (const error of ended.filter((each) => each instanceof Error)) {
        expect(error.message).not.to.match(/[\r\n]/);
        expect(error).not.to.have.property('cause');
      }
      const shown = inspect(told, { depth: null, showHidden: true });
      for (const secret of spellings) expect(shown).not.to.include(secret);
    });
});
