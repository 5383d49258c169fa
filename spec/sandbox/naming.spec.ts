import { expect } from 'chai';
import { VirtualTimeScheduler } from 'rxjs';
import { memoryBus } from '../../lib/transport/memory.ts';
import { openExchange } from '../../lib/sandbox/exchange.ts';
import { seededRandom } from '../../lib/sandbox/random.ts';
import { openSandbox } from '../../lib/sandbox/sandbox.ts';
import { sampleCommunity, samples, type Message } from './samples.ts';

const CONFIGURATION = '84d221fa-46e1-49e0-823b-26cfb3425a5a';

/** The messages that were recorded, requests and replies alike, of one of the two setups. */
const recorded = (web: boolean): readonly Message[] =>
  samples('configuration-id')
    .filter(({ setup }) => setup.includes('web mode') === web)
    .flatMap(({ received }) => received);

const open = (web: boolean) => {
  const said: Message[] = [];
  const naming = { configurationId: CONFIGURATION, web };
  const exchange = openExchange(
    sampleCommunity,
    seededRandom(1),
    (channel, data) => {
      said.push({ channel, data });
    },
    { naming },
  );
  return { exchange, said };
};

const isRequest = ({ channel }: Message): boolean =>
  /register_participant$|commands$/.test(channel) && !channel.includes('response');

describe('an exchange with a configuration id', () => {
  for (const web of [false, true])
    it(`speaks on the recorded channels${web ? ' of web mode' : ''}, and says its id where the real one does`, () => {
      const { exchange, said } = open(web);
      const messages = recorded(web);
      const [load, pv] = exchange.trading.grid.assets;
      const deviceIn = (mark: string): string =>
        /"device_uuid": "([^"]*)/.exec(messages.find(({ data }) => data.includes(mark))!.data)![1]!;
      const theirs = { load: deviceIn('"SELECT"'), pv: deviceIn('"registered"') };
      const ours = (text: string): string =>
        text.replaceAll(theirs.load, load!.uuid).replaceAll(theirs.pv, pv!.uuid);

      for (const { channel, data } of messages.filter(isRequest)) {
        exchange.receive({ channel: ours(channel), data: ours(data) });
        for (let tick = 0; tick < 61; tick++) exchange.tick();
      }
      // Whether there are trades is for the lots to say.
      const expected = messages.filter(
        (message) => !isRequest(message) && !message.data.includes('"trade_list"'),
      );
      for (const { channel, data } of expected) {
        const { event } = JSON.parse(data) as { event?: string };
        const same = said.filter(
          (message) =>
            message.channel === ours(channel) &&
            (JSON.parse(message.data) as { event?: string }).event === event,
        );
        expect(same, channel).not.to.deep.equal([]);
        const idIn = (text: string): unknown =>
          (JSON.parse(text) as { simulation_id?: unknown }).simulation_id;
        for (const message of same) expect(idIn(message.data)).to.equal(idIn(data));
      }
      expect(exchange.dangers()).to.equal(0);
    });

  it('does not hear batches for another one', () => {
    const { exchange, said } = open(false);
    const wrong = recorded(false).find(({ channel }) => channel === 'external-aggregator//batch_commands')!;
    expect(exchange.channels).not.to.include(wrong.channel);
    exchange.receive(wrong);
    exchange.tick();
    expect(said).to.deep.equal([]);
  });

  it('in web mode ignores commands for others, and would be deafened by those that tell no id', () => {
    const { exchange, said } = open(true);
    const create = (more: object): void =>
      exchange.receive({
        channel: 'aggregator-commands',
        data: JSON.stringify({ type: 'CREATE', name: 'A', transaction_id: 't', ...more }),
      });
    create({ config_uuid: 'another' });
    expect(said).to.deep.equal([]);
    expect(exchange.dangers()).to.equal(0);
    create({});
    expect(exchange.dangers()).to.equal(1);
    create({ config_uuid: CONFIGURATION });
    expect(said.at(-1)!.data).to.include('"status":"ready"');
  });

  it('is needed for web mode', () => {
    const scheduler = new VirtualTimeScheduler();
    expect(() =>
      openSandbox(sampleCommunity, { scheduler, bus: memoryBus(scheduler), webMode: true }),
    ).to.throw(/configurationId/);
  });

  it('lets the clients of two exchanges on one bus trade apart', () => {
    const scheduler = new VirtualTimeScheduler();
    const bus = memoryBus(scheduler);
    const heard: string[] = [];
    bus
      .frames(['one', 'two'].map((id) => `external-aggregator/${id}/a/events/all`))
      .subscribe(({ channel }) => heard.push(channel));
    const sandboxes = ['one', 'two'].map((configurationId) =>
      openSandbox({ ...sampleCommunity, slots: 1 }, { scheduler, bus, configurationId }),
    );
    sandboxes[0]!.start();
    const uuid = openExchange(sampleCommunity, seededRandom(1), () => undefined).trading.grid.assets[0]!.uuid;
    bus.publish(
      'aggregator-commands',
      JSON.stringify({ type: 'SELECT', aggregator_uuid: 'a', device_uuid: uuid, transaction_id: 's' }),
    );
    scheduler.flush();
    expect(new Set(heard)).to.deep.equal(new Set(['external-aggregator/one/a/events/all']));
  });
});
