import { expect } from 'chai';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { hostedSession, type HostedSession } from '../../lib/transport/hostedSession.ts';
import { askUserAggregators } from '../../lib/wire/graphQl.ts';
import { readAggregators } from '../../lib/wire/hosted.ts';
import { hostedSessions } from '../hostedSessions.ts';
import { failure } from './restClients.ts';
import { USER } from './restServer.ts';

const LIST = 'aggregator-api/sim/list-aggregators/';

describe('hostedSession', () => {
  const { at, connect, heard, logins } = hostedSessions();
  const list = (session: HostedSession) => session.get(LIST, readAggregators);

  it('asks nothing before the first question, and logs in once for many', async () => {
    const session = connect();
    expect(at.server.heard).to.be.empty;
    const lists = await Promise.all([1, 2, 3].map(() => firstValueFrom(list(session))));
    expect(lists).to.deep.equal([[], [], []]);
    expect(logins()).to.equal(1);
  });

  it('asks when it is asked, and once, however often the answer is heard', async () => {
    const answer$ = list(connect());
    await firstValueFrom(at.server.heard$);
    expect(await lastValueFrom(answer$)).to.deep.equal([]);
    expect(await lastValueFrom(answer$)).to.deep.equal([]);
    expect(heard()).to.have.length(1);
  });

  it('does not end the process when nobody hears an error', async () => {
    at.server.answer(LIST, () => ({ status: 500 }));
    const session = connect();
    list(session);
    session.call('x/', {});
    at.server.answer('x/', () => ({ status: 500 }));
    expect(await failure(session.call('x/', {}))).to.include({ code: 'ERR_GSY_TRANSPORT' });
  });

  it('sends each call under a transaction id of its own, whatever the body says', async () => {
    const session = connect();
    await Promise.all([1, 2].map((n) => lastValueFrom(session.call('x/', { n, transaction_id: 'mine' }))));
    const ids = heard().map(({ body }) => body.transaction_id);
    expect(new Set(ids)).to.have.length(2);
    for (const id of ids) expect(id).to.match(/^[\da-f]{8}-/);
    expect(heard().map(({ body }) => body.n)).to.have.members([1, 2]);
  });

  it('sends nothing that JSON cannot carry', async () => {
    const session = connect();
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    const bodies = [{ a: { b: Number.NaN } }, loop, { a: 1n }, [1], new Date(0)];
    for (const body of bodies)
      expect((await failure(session.call('x/', body))).message).to.match(/^Not sent: /);
    expect(at.server.heard).to.be.empty;
  });

  it('renews a token that the server refuses', async () => {
    const session = connect();
    await firstValueFrom(list(session));
    at.server.tokens.clear();
    expect(await firstValueFrom(list(session))).to.deep.equal([]);
    expect(logins()).to.equal(2);
  });

  it('sends nothing without a token when the login is refused', async () => {
    const session = connect('wrong');
    const [one, other] = [await failure(list(session)), await failure(session.query(askUserAggregators))];
    expect(one.message).to.include(`Cannot log in at ${at.server.domainName} as ${USER.username}`);
    expect(other).to.equal(one);
    expect(at.server.heard.map(({ path }) => path)).to.deep.equal(['/api-token-auth/']);
  });

  for (const [told, answer] of [
    ['500', () => ({ status: 500, body: 'x'.repeat(10_000_000) })],
    ['no JSON', () => ({ body: `<html>${'x'.repeat(1_000_000)}` })],
    ['another document', () => ({ body: { detail: 'no list' } })],
    ['null', () => ({ body: 'null' })],
    ['a hang-up', () => 'hang up' as const],
  ] as const)
    it(`errors with one short line on ${told}`, async () => {
      at.server.answer(LIST, answer);
      const error = await failure(list(connect()));
      expect(error).to.include({ name: 'GsyError', code: 'ERR_GSY_TRANSPORT' });
      expect(error.message).to.include(LIST).and.have.length.below(500);
      expect(error.message).not.to.include('\n');
    });

  it('tells the version of the server', async () => {
    at.server.answer(LIST, () => ({ headers: { 'API-VERSION': '1.10.0' }, body: [] }));
    const session = connect();
    const version = firstValueFrom(session.apiVersion$);
    list(session);
    expect(await version).to.equal('1.10.0');
  });

  it('ends what is under way when it is closed', async () => {
    at.server.answer(LIST, () => new Promise(() => undefined));
    const session = connect();
    await firstValueFrom(session.query(askUserAggregators)).catch(() => undefined);
    const ended = failure(list(session));
    await firstValueFrom(at.server.heard$);
    session.close();
    expect(await ended).to.include({ code: 'ERR_GSY_TRANSPORT' });
  });

  it('needs a sound address', () => {
    for (const options of [{ domainName: 'example.org' }, { username: '' }, { password: '' }])
      expect(() => hostedSession({ ...USER, domainName: 'https://example.org', ...options }))
        .to.throw()
        .with.property('code', 'ERR_GSY_OPTIONS');
  });
});
