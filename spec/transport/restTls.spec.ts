import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { restTransport } from '../../lib/transport/rest.ts';
import { startProxy, type ProxyServer } from './proxyServer.ts';
import { failure } from './restClients.ts';
import { certificateFile, startRestServer, USER, type Certificate, type RestServer } from './restServer.ts';

const certificates: readonly Certificate[] = ['localhost', 'expired', 'elsewhere'];

/** Tells what becomes of a transport to each of the servers named in its arguments, and ends when all are closed. */
const connecting = `
  import { firstValueFrom, lastValueFrom } from 'rxjs';
  import { restTransport } from './lib/transport/rest.ts';
  const create = { kind: 'create-aggregator', name: 'crew', aggregatorUuid: 'ours' };
  for (const address of JSON.parse(process.env.ADDRESSES)) {
    const transport = restTransport({ ...address, simulationId: 'sim' });
    transport.frame$.subscribe({ error: ({ message }) => console.log(message) });
    await firstValueFrom(transport.send(create)).then(() => console.log('open'), () => undefined);
    await lastValueFrom(transport.close(), { defaultValue: undefined });
  }
  console.log('done');`;

/** Tells whether requests that the server hangs up on may be heard: on an open connection, and on a new one. */
const hangingUp = `
  import { restClient } from './lib/transport/restClient.ts';
  const [{ domainName }] = JSON.parse(process.env.ADDRESSES);
  const client = restClient(domainName, () => Date.now());
  for (const path of ['fine', 'gone', 'gone']) {
    const answer = await client.ask({ method: 'POST', path, body: {}, token: 'abc' });
    console.log(answer.status ?? answer.mayBeHeard);
  }
  client.close();`;

describe('restTransport over TLS', () => {
  let servers: readonly RestServer[];
  let proxy: ProxyServer;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gsy-rx-'));
    const trusted = certificates.map((certificate) => readFileSync(certificateFile(certificate), 'utf8'));
    writeFileSync(join(folder, 'trusted.pem'), trusted.join('\n'));
    servers = await Promise.all(certificates.map((certificate) => startRestServer(0, certificate)));
    proxy = await startProxy();
  });
  after(async () => {
    await Promise.all([...servers, proxy].map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  });

  /** What a process says that trusts the certificates of all servers, and has this environment. */
  const told = async (program: string, environment = {}): Promise<readonly string[]> => {
    const addresses = servers.map(({ domainName, webSocketDomainName }) => ({
      domainName,
      webSocketDomainName,
      ...USER,
    }));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--conditions', 'gsy-rx-source', '--input-type', 'module', '--eval', program],
      {
        env: {
          ...process.env,
          NODE_EXTRA_CA_CERTS: join(folder, 'trusted.pem'),
          NODE_TLS_REJECT_UNAUTHORIZED: '0',
          ADDRESSES: JSON.stringify(addresses),
          ...environment,
        },
        timeout: 30_000,
      },
    );
    return stdout.trimEnd().split('\n');
  };
  const cannotLogIn = ({ domainName }: RestServer, reason: string) =>
    `Cannot log in at ${domainName} as ${USER.username}: ${reason}`;

  const verdicts = () => [
    'open',
    cannotLogIn(servers[1]!, 'certificate has expired: whoever runs the server has to renew it'),
    cannotLogIn(
      servers[2]!,
      "Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames: DNS:exchange.example.org: the certificate is that of another host; check the domain name",
    ),
    'done',
  ];

  it('trusts whom Node is told to trust, verifies whatever else the environment says, and lets the process end', async () => {
    expect(await told(connecting)).to.deep.equal(verdicts());
    expect(proxy.heard).to.be.empty;
  });

  const throughProxy = () => ({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });

  it('verifies what is at the other end of a tunnel through a proxy', async () => {
    expect(await told(connecting, throughProxy())).to.deep.equal(verdicts());
    const [first, second, third] = servers.map(
      ({ domainName }) => `CONNECT ${domainName.replace('https://', '')}`,
    );
    expect(proxy.heard.map(({ what }) => what)).to.deep.equal([first, first, second, third]);
  });

  for (const [way, environment] of [
    ['straight', () => ({})],
    ['through a proxy', throughProxy],
  ] as const)
    it(`knows what may have been heard ${way}`, async () => {
      servers[0]!.tokens.add('abc');
      servers[0]!.answer('/gone', () => 'hang up');
      expect(await told(hangingUp, environment())).to.deep.equal(['200', 'true', 'true']);
    });

  it('verifies a proxy that is spoken to over TLS', async () => {
    const { port } = new URL(servers[0]!.domainName);
    process.env.HTTPS_PROXY = `https://localhost:${port}`;
    const transport = restTransport({
      domainName: 'https://exchange.example.org',
      webSocketDomainName: 'wss://exchange.example.org',
      simulationId: 'sim',
      ...USER,
    });
    delete process.env.HTTPS_PROXY;
    expect((await failure(transport.frame$)).message).to.match(
      /the proxy https:\/\/localhost:\d+ opens no way to exchange\.example\.org: self-signed certificate: no authority/,
    );
  });

  it('talks to no server that no known authority vouches for', async () => {
    const { domainName, webSocketDomainName } = servers[0]!;
    const transport = restTransport({ domainName, webSocketDomainName, simulationId: 'sim', ...USER });
    expect((await failure(transport.frame$)).message).to.equal(
      cannotLogIn(
        servers[0]!,
        'self-signed certificate: no authority known here vouches for the certificate; if you trust it, name the certificate of its authority in NODE_EXTRA_CA_CERTS',
      ),
    );
  });
});
