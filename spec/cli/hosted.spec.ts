import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { gsyRx, lines, start, type World } from './terminal.ts';

const small = fileURLToPath(new URL('../fixtures/communities/small.json', import.meta.url));
const SIMULATION = '3f0c8a52-7c8e-4b5f-9f43-0d8a5a1c2b11';
const PASSWORD = 'correct horse battery';

/** The embedded exchange in one terminal, for clients of the hosted one. */
const startExchange = async (...more: readonly string[]) => {
  const exchange = start(
    [
      'sandbox',
      small,
      '--port',
      '0',
      '--simulation-id',
      SIMULATION,
      '--slot-length-realtime',
      '500ms',
      ...more,
    ],
    { env: { GSY_RX_USERS: JSON.stringify({ ada: PASSWORD }) } },
  );
  const said = await exchange.says('the exchange is up');
  const [, url = '', webSocketUrl = ''] = /log in at (\S+), websockets at (\S+),/.exec(said) ?? [];
  return { exchange, url, webSocketUrl, where: ['-d', url, '-w', webSocketUrl, '-s', SIMULATION] };
};

describe('gsy-rx and a hosted exchange', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'gsy-rx-'))));
  afterEach(async () => rm(folder, { recursive: true }));

  const runAda = async (world: World, ...more: readonly string[]) => {
    const { exchange, where } = await startExchange();
    const shown = await start(['run', '--setup', 'basic', ...where, '-u', 'ada', ...more], world).done;
    return { shown, exchange: await exchange.done };
  };

  it('trades a whole simulation on it with the options of the official client, and both sides keep books', async () => {
    const { shown, exchange } = await runAda({ env: { API_CLIENT_PASSWORD: PASSWORD } });
    expect(shown.err).to.include('5 areas found, 4 under control, 1 refused').and.to.include('Market Maker');
    expect(shown.code, shown.err).to.equal(0);
    expect(shown.out).to.match(/market slots +[1-4]\b/);
    expect(exchange.code).to.equal(0);
    expect(exchange.out).to.match(/Load/);
    expect(exchange.err).not.to.include('would have ended');
  });

  it('takes all that names the simulation from the environment', async () => {
    const { exchange, url, webSocketUrl } = await startExchange();
    const env = {
      API_CLIENT_USERNAME: 'ada',
      API_CLIENT_PASSWORD: PASSWORD,
      API_CLIENT_DOMAIN_NAME: url,
      API_CLIENT_WEBSOCKET_DOMAIN_NAME: webSocketUrl,
      API_CLIENT_SIMULATION_ID: SIMULATION,
    };
    const { code, err } = await start(['run', 'fixed-price'], { env }).done;
    expect(err).to.include(url).and.to.include(SIMULATION);
    expect(code).to.equal(0);
    await exchange.done;
  });

  it('lets a config file overrule domains and simulation, and say how the market works', async () => {
    const { exchange, url, webSocketUrl } = await startExchange();
    const config = join(folder, 'config.json');
    await writeFile(
      config,
      JSON.stringify({
        username: 'ada',
        name: 'my collaboration',
        uuid: SIMULATION,
        domain_name: url,
        web_socket_domain_name: webSocketUrl,
        global_settings: { spot_market_type: '1' },
        registry: { name: 'Grid', type: 'Area', uuid: 'g', children: [] },
      }),
    );
    const running = start(['run', 'basic', '-i', config, '-d', 'http://127.0.0.1:1', '-s', 'nothing'], {
      env: { API_CLIENT_PASSWORD: PASSWORD },
    });
    const { code, err } = await running.done;
    expect(err).to.include('my collaboration').and.to.include('in a one-sided market');
    expect(code).to.equal(0);
    await exchange.done;
  });

  it('warns of a password on the command line, and takes one from a file or from who is asked', async () => {
    const file = join(folder, 'password');
    await writeFile(file, `${PASSWORD}\n`);
    const { exchange, where } = await startExchange();
    const nobody = ['run', 'basic', ...where, '-u', 'ada', '--assets', 'Windmill'];
    const given = await gsyRx(...nobody, '-p', PASSWORD);
    expect(given.err).to.include('warn: a password on the command line is seen by everybody');
    const filed = await gsyRx(...nobody, '--password-file', file);
    let question = '';
    const asked = await start(nobody, {
      askSecret: (prompt) => {
        question = prompt;
        return Promise.resolve(PASSWORD);
      },
    }).done;
    expect(question).to.include('ada');
    // All three have logged in, and found that there is no such asset.
    for (const { code, err } of [given, filed, asked]) {
      expect(err).to.include('no area named Windmill');
      expect(code).to.equal(2);
    }
    for (const { err } of [filed, asked]) expect(err).not.to.include('warn');
    exchange.interrupt();
    await exchange.done;
  });

  it('never shows a password or a token, at any level, on the screen or in the log file', async () => {
    const file = join(folder, 'run.log');
    const { shown, exchange } = await runAda({}, '-p', PASSWORD, '-l', 'TRACE', '-f', file);
    const log = await readFile(file, 'utf8');
    expect(shown.code, shown.err).to.equal(0);
    expect(lines(shown.err).filter((line) => line.startsWith('trace: ')).length).to.be.above(50);
    expect(lines(log).length).to.equal(lines(shown.err).length);
    expect(JSON.parse(lines(log)[0]!)).to.include({ level: 'warn' });
    for (const text of [shown.err, shown.out, log, exchange.err, exchange.out]) {
      expect(text).not.to.include(PASSWORD);
      // A JSON web token begins so.
      expect(text).not.to.include('eyJ');
    }
  });

  it('never shows a password in an error that nothing handles', async () => {
    const { exchange, where } = await startExchange();
    const running = start(['run', 'basic', ...where, '-u', 'ada', '-l', 'debug'], {
      env: { API_CLIENT_PASSWORD: PASSWORD },
    });
    await running.says('under control');
    running.throws(new Error(`401 for ada:${PASSWORD}`));
    const { code, err, out } = await running.done;
    expect(err).to.include('error: an error was thrown where nothing handles it: 401 for ada:…');
    expect(err).not.to.include(PASSWORD);
    expect(out).to.include('market slots');
    expect(code).to.equal(1);
    exchange.interrupt();
    await exchange.done;
  });

  it('shows areas, aggregators and networks as tables and as JSON, and takes a forecast', async () => {
    const { exchange, where } = await startExchange();
    const env = { API_CLIENT_USERNAME: 'ada', API_CLIENT_PASSWORD: PASSWORD };
    const ask = async (...args: readonly string[]) => {
      const { code, out, err } = await start([...args, ...where], { env }).done;
      expect(err).not.to.include('error');
      expect(code).to.equal(0);
      return out;
    };
    const registry = await ask('registry');
    expect(registry)
      .to.match(/Grid .*Area/)
      .and.to.match(/ {2}House/)
      .and.to.match(/ {4}Load .*Load/);
    const tree = JSON.parse(await ask('registry', '--json')) as { readonly children: readonly unknown[] };
    expect(tree).to.include({ name: 'Grid', type: 'Area' });
    expect(tree.children).not.to.be.empty;

    expect(await ask('aggregators')).to.include('none');
    const running = start(['run', 'basic', ...where, '--assets', 'Load'], { env });
    await running.says('1 under control');
    expect(await ask('aggregators')).to.match(/basic .*3f0c8a52/);
    const [aggregator] = JSON.parse(await ask('aggregators', '--json')) as readonly {
      readonly areaUuids: readonly string[];
    }[];
    expect(aggregator).to.include({ name: 'basic', simulationId: SIMULATION });
    expect(aggregator?.areaUuids).to.have.length(1);

    expect(await ask('networks')).to.match(/canary network .*3f0c8a52|none/);
    expect(await ask('forecast', 'PV', '750')).to.include('750 Wh told for PV');
    running.interrupt();
    await running.done;
    exchange.interrupt();
    await exchange.done;
  });

  describe('ends with one clear line and its exit code', () => {
    const fails = async (args: readonly string[], world: World = {}) => {
      const { code, out, err } = await start(['run', 'basic', ...args], world).done;
      const errors = lines(err).filter((line) => line.startsWith('error: '));
      expect(errors, err).to.have.length(1);
      expect(out).to.equal('');
      return { code, error: errors[0]! };
    };
    const env = { API_CLIENT_PASSWORD: PASSWORD };

    it('when a forecast is for an asset that does not exist', async () => {
      const { exchange, where } = await startExchange();
      const { code, err } = await start(['forecast', 'Windmill', '10', ...where, '-u', 'ada'], { env }).done;
      expect(err).to.match(/error: .*Windmill.*Grid/);
      expect(code).to.equal(2);
      exchange.interrupt();
      await exchange.done;
    });

    it('when nobody is named', async () => {
      const { code, error } = await fails(['-s', SIMULATION], { env });
      expect(error).to.include('--username').and.to.include('API_CLIENT_USERNAME');
      expect(code).to.equal(2);
    });

    it('when there is no password and nobody to ask', async () => {
      const { code, error } = await fails(['-s', SIMULATION, '-u', 'ada']);
      expect(error).to.include('API_CLIENT_PASSWORD').and.to.include('--password-file');
      expect(code).to.equal(2);
    });

    it('when no simulation is named', async () => {
      const { code, error } = await fails(['-u', 'ada'], { env });
      expect(error).to.include('--simulation-id');
      expect(code).to.equal(2);
    });

    it('when a config file is wrong, and names the place', async () => {
      const file = join(folder, 'config.json');
      await writeFile(file, '{"username": 7}');
      const { code, error } = await fails(['-i', file], { env });
      expect(error).to.include(file).and.to.include('username');
      expect(code).to.equal(2);
    });

    it('when the password is wrong', async () => {
      const { exchange, where } = await startExchange();
      const { code, error } = await fails([...where, '-u', 'ada'], {
        env: { API_CLIENT_PASSWORD: 'guessed' },
      });
      expect(error).to.include('ada').and.to.include('check the username and the password');
      expect(error).not.to.include('guessed');
      expect(code).to.equal(2);
      exchange.interrupt();
      expect((await exchange.done).code).to.equal(130);
    });

    it('when the simulation is unknown', async () => {
      const { exchange, url, webSocketUrl } = await startExchange();
      const { code, error } = await fails(['-d', url, '-w', webSocketUrl, '-s', 'nothing', '-u', 'ada'], {
        env,
      });
      expect(error).to.include('simulation');
      expect(code).to.equal(2);
      exchange.interrupt();
      await exchange.done;
    });

    it('when nobody is at the domain', async () => {
      const where = ['-d', 'http://127.0.0.1:1', '-w', 'ws://127.0.0.1:1', '-s', SIMULATION, '-u', 'ada'];
      const { code, error } = await fails(where, { env });
      expect(error).to.include('http://127.0.0.1:1');
      expect(code).to.equal(1);
    });

    it('when another server is at the domain', async () => {
      const server = createServer((_, response) => response.end('<html>Welcome</html>'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { readonly port: number };
      const where = ['-d', `http://127.0.0.1:${port}`, '-w', `ws://127.0.0.1:${port}`, '-s', SIMULATION];
      const { error } = await fails([...where, '-u', 'ada'], { env });
      expect(error).to.include('is this the right domain?');
      server.close();
    });
  });
});
