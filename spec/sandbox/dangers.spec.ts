import { expect } from 'chai';
import { isRight } from 'fp-ts/lib/Either.js';
import { VirtualTimeScheduler } from 'rxjs';
import { GsyError } from '../../lib/errors.ts';
import type { Exchange } from '../../lib/sandbox/exchange.ts';
import { openSandbox, type Community } from '../../lib/sandbox/sandbox.ts';
import { memoryBus } from '../../lib/transport/memory.ts';
import { HEARTBEAT } from '../../lib/wire/channels.ts';
import { decode } from '../wire/decode.ts';
import { openSampled, sampleCommunity, samples, type Message, type Sample } from './samples.ts';

const AGGREGATOR = '9b9ba8eb-6db4-4021-bed1-ee8ca7aaa296';
const SLOT_TICKS = 60;

interface Setup {
  readonly exchange: Exchange;
  readonly said: Message[];
  readonly send: (channel: string, message: object) => void;
  readonly uuid: (kind: string) => string;
}

/** What the recorded exchange had that ours has only on demand. */
const communityOf = (name: string): Partial<Community> => {
  if (name.startsWith('one-sided')) return { spotMarketType: 'one-sided-pay-as-offer' };
  if (name.startsWith('future-market')) return { futureHours: 4 };
  return name.endsWith('dof-disabled') ? { degreesOfFreedom: false } : {};
};

/**
 * An exchange in its second slot, with everything selected by one aggregator; for direct commands, with everything
 * registered by name instead.
 */
const setUp = (name: string, strict: boolean): Setup => {
  const { exchange, said } = openSampled(communityOf(name), { strict });
  const { grid } = exchange.trading;
  const send = (channel: string, message: object): void =>
    exchange.receive({ channel, data: JSON.stringify(message) });
  for (const { uuid, channelName } of grid.byUuid.values()) {
    const select = { type: 'SELECT', aggregator_uuid: AGGREGATOR, device_uuid: uuid, transaction_id: 's' };
    if (name.startsWith('direct')) send(`${channelName}/register_participant`, { transaction_id: 'r' });
    else send('aggregator-commands', select);
  }
  for (let tick = 0; tick < SLOT_TICKS + 10; tick++) exchange.tick();
  said.length = 0;
  const uuid = (kind: string): string =>
    grid.assets.find(({ spec }) => spec.type.endsWith(kind))?.uuid ??
    grid.markets.find(({ external }) => external)!.uuid;
  return { exchange, said, send, uuid };
};

/** The kind of area that a case is about, by its name. */
const kindOf = (name: string): string => {
  const kind = name.replace(/^(one-sided|future-market)-/, '').split('-')[0]!;
  return ['area', 'command'].includes(kind) ? 'load' : kind;
};

/** The recorded message, meant for this setup: its aggregator, and an area of the kind that the case's name tells. */
const meant = ({ name, sent }: Sample, { uuid }: Setup): string =>
  sent!.data
    .replace(/"aggregator_uuid": "[^"]*"/, `"aggregator_uuid": "${AGGREGATOR}"`)
    .replace(/("batch_commands": \{)"[^"]*"/, `$1"${uuid(kindOf(name))}"`)
    .replace(/"device_uuid": "[^"]*"/, `"device_uuid": "${uuid('load')}"`);

const answersIn = (said: readonly Message[]): readonly Message[] =>
  said.filter(({ channel }) => channel.includes('respons') && !channel.includes('register'));

describe('what would end or deafen the real exchange', () => {
  for (const sample of samples('dangerous')) {
    const { name, sent } = sample;

    it(`${name} is counted, and the sandbox goes on`, () => {
      const setup = setUp(name, false);
      const { exchange, said, send, uuid } = setup;
      exchange.receive({ channel: sent!.channel, data: meant(sample, setup) });
      exchange.tick();
      expect(exchange.dangers()).to.equal(1);
      for (const { channel, data } of answersIn(said)) {
        expect(data).to.match(/"status":"error"/);
        expect(isRight(decode({ channel, data }, { feeUnit: 'cents/kWh' }))).to.equal(true);
      }

      said.length = 0;
      const transaction_id = 'after';
      if (name.startsWith('direct')) send('Load 1 L13/device_info', { transaction_id });
      else
        send('external-aggregator//batch_commands', {
          ...{ transaction_id, aggregator_uuid: AGGREGATOR },
          batch_commands: { [uuid('load')]: [{ type: 'device_info' }] },
        });
      exchange.tick();
      expect(said.some(({ data }) => data.includes('"transaction_id":"after"'))).to.equal(true);
    });
  }

  it('answers a dangerous command beside good ones, which are done', () => {
    const { exchange, said, send, uuid } = setUp('', false);
    const load = [{ type: 'bid', energy: 0.05, price: 0.5, foo: 1 }, { type: 'device_info' }];
    send('external-aggregator//batch_commands', {
      transaction_id: 't',
      aggregator_uuid: AGGREGATOR,
      batch_commands: { [uuid('load')]: load },
    });
    exchange.tick();
    const reply = said.find(({ channel }) => channel.endsWith('/response/batch_commands'))!;
    const { responses } = JSON.parse(reply.data) as {
      responses: Record<string, readonly { status: string; error_message?: string }[]>;
    };
    const [refused, done] = responses[uuid('load')]!;
    expect(refused!.status).to.equal('error');
    expect(refused!.error_message).to.include('unknown key foo');
    expect(done!.status).to.equal('ready');
  });
});

describe('what ends or deafens a strict exchange as it does the real one', () => {
  const statuses = (messages: readonly Message[]): readonly string[] =>
    messages.flatMap(({ data }) => [...data.matchAll(/"status": ?"(\w+)"/g)].map(([, status]) => status!));

  /** It goes on ticking and beating, but nobody is answered but who asks for the areas. */
  const expectDeaf = ({ exchange, said, send, uuid }: Setup): void => {
    said.length = 0;
    send('aggregator-commands', { type: 'CREATE', name: 'me', transaction_id: 'c' });
    send('Load 1 L13/register_participant', { transaction_id: 'r' });
    send('external-aggregator//batch_commands', {
      ...{ transaction_id: 't', aggregator_uuid: AGGREGATOR },
      batch_commands: { [uuid('load')]: [{ type: 'device_info' }] },
    });
    send('/area-map', {});
    for (let tick = 0; tick < 6; tick++) expect(exchange.tick()).not.to.equal(undefined);
    expect(answersIn(said).map(({ channel }) => channel)).to.deep.equal(['/response/area-map']);
    expect(said.some(({ data }) => data.includes('"event":"tick"'))).to.equal(true);
  };

  /** It says what was recorded of it, and after that nothing any more, not even that it is over. */
  const expectDead = ({ exchange, said }: Setup, { received }: Sample): void => {
    const ticks = Array.from({ length: SLOT_TICKS }, () => exchange.tick());
    expect(ticks.at(-1)).to.equal(undefined);
    expect(statuses(answersIn(said))).to.deep.equal(statuses(received));
    said.length = 0;
    exchange.receive({ channel: '/area-map', data: '{}' });
    exchange.tick();
    expect(said).to.deep.equal([]);
  };

  for (const sample of samples('dangerous')) {
    const { name, sent, outcome } = sample;
    if (outcome === 'endless loop') continue;

    it(`${name}: ${outcome}`, () => {
      const setup = setUp(name, true);
      setup.exchange.receive({ channel: sent!.channel, data: meant(sample, setup) });
      if (outcome === 'command thread dies') expectDeaf(setup);
      else expectDead(setup, sample);
    });
  }

  const openStrict = () => {
    const scheduler = new VirtualTimeScheduler();
    const bus = memoryBus(scheduler);
    const options = { scheduler, bus, strict: true, realTimePerSlotMs: SLOT_TICKS * 1_000 };
    const sandbox = openSandbox({ ...sampleCommunity, slots: 3 }, options);
    const send = (afterMs: number, channel: string, message: object): void => {
      scheduler.schedule(() => void bus.publish(channel, JSON.stringify(message)), afterMs);
    };
    const heard: (Message & { readonly at: number })[] = [];
    const listen = (...channels: readonly string[]): void => {
      bus.frames(channels).subscribe(({ channel, data }) => {
        heard.push({ at: scheduler.now(), channel, data: String(data) });
      });
    };
    return { scheduler, sandbox, send, heard, listen };
  };

  it('direct-forecast: endless loop', () => {
    const { scheduler, sandbox, send, heard, listen } = openStrict();
    const { sent } = samples('dangerous').find(({ name }) => name === 'direct-forecast')!;
    listen(sent!.channel);
    send(0, 'FC load/register_participant', { transaction_id: 'r' });
    send(65_000, sent!.channel, JSON.parse(sent!.data) as object);
    sandbox.start();
    scheduler.flush();
    expect(heard.length).to.be.above(100);
  });

  it('stops the heart, says no finish and fails the progress', () => {
    const { scheduler, sandbox, send, heard, listen } = openStrict();
    listen(HEARTBEAT, 'grid/events/finish');
    let error: unknown;
    sandbox.progress$.subscribe({ error: (reason: unknown) => (error = reason) });
    const batch = { transaction_id: 't', aggregator_uuid: AGGREGATOR, batch_commands: null };
    send(32_500, 'external-aggregator//batch_commands', batch);
    sandbox.start();
    scheduler.flush();
    expect(error).to.be.instanceOf(GsyError).with.property('code', 'ERR_GSY_EXCHANGE_DIED');
    expect([...new Set(heard.map(({ channel }) => channel))]).to.deep.equal([HEARTBEAT]);
    expect(heard.at(-1)!.at).to.equal(30_000);
    expect(sandbox.results().dangers).to.equal(1);
  });

  it('lets what deafens the control thread take pause, resume, stop and the areas away', () => {
    const { exchange, said } = openSampled({}, { strict: true });
    const send = (channel: string, message: object): void =>
      exchange.receive({ channel, data: JSON.stringify(message) });
    send('/pause', {});
    for (const channel of ['/pause', '/stop', '/area-map']) send(channel, { transaction_id: 't' });
    expect(said).to.deep.equal([]);
    send('aggregator-commands', { type: 'CREATE', name: 'me', transaction_id: 'c' });
    expect(said).to.have.length(1);
  });
});
