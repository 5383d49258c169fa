import { expect } from 'chai';
import { isRight } from 'fp-ts/lib/Either.js';
import type { Exchange } from '../../lib/sandbox/exchange.ts';
import { decode } from '../../lib/wire/decode.ts';
import { openSampled, samples, type Message, type Sample } from './samples.ts';

const AGGREGATOR = '9b9ba8eb-6db4-4021-bed1-ee8ca7aaa296';

/** What the sandbox has no counterpart of: other market types, direct commands. */
const ELSEWHERE = /^(one-sided|future-market|direct)/;

interface Setup {
  readonly exchange: Exchange;
  readonly said: Message[];
  readonly send: (channel: string, message: object) => void;
  readonly uuid: (kind: string) => string;
}

/** An exchange in its second slot, with everything selected by one aggregator. */
const setUp = (): Setup => {
  const { exchange, said } = openSampled();
  const { grid } = exchange.trading;
  const send = (channel: string, message: object): void =>
    exchange.receive({ channel, data: JSON.stringify(message) });
  for (const device_uuid of grid.byUuid.keys()) {
    send('aggregator-commands', {
      type: 'SELECT',
      aggregator_uuid: AGGREGATOR,
      device_uuid,
      transaction_id: 's',
    });
  }
  for (let tick = 0; tick < 70; tick++) exchange.tick();
  said.length = 0;
  const uuid = (kind: string): string =>
    grid.assets.find(({ spec }) => spec.type.endsWith(kind))?.uuid ??
    grid.markets.find(({ external }) => external)!.uuid;
  return { exchange, said, send, uuid };
};

/** The recorded message, meant for this setup: its aggregator, and an area of the kind that the case's name tells. */
const meant = ({ name, sent }: Sample, { uuid }: Setup): string => {
  const kind = name.split('-')[0]!;
  return sent!.data
    .replace(/"aggregator_uuid": "[^"]*"/, `"aggregator_uuid": "${AGGREGATOR}"`)
    .replace(
      /("batch_commands": \{)"[^"]*"/,
      `$1"${uuid(['area', 'command'].includes(kind) ? 'load' : kind)}"`,
    )
    .replace(/"device_uuid": "[^"]*"/, `"device_uuid": "${uuid('load')}"`);
};

describe('what would end or deafen the real exchange', () => {
  for (const sample of samples('dangerous')) {
    const { name, sent } = sample;
    if (ELSEWHERE.test(name)) continue;

    it(`${name} is counted, and the sandbox goes on`, () => {
      const setup = setUp();
      const { exchange, said, send, uuid } = setup;
      exchange.receive({ channel: sent!.channel, data: meant(sample, setup) });
      exchange.tick();
      expect(exchange.dangers()).to.equal(1);
      const answers = said.filter(
        ({ channel }) => channel.includes('respons') && !channel.includes('register'),
      );
      for (const { channel, data } of answers) {
        expect(data).to.match(/"status":"error"/);
        expect(isRight(decode({ channel, data }, { feeUnit: 'cents/kWh' }))).to.equal(true);
      }

      said.length = 0;
      const batch_commands = { [uuid('load')]: [{ type: 'device_info' }] };
      send('external-aggregator//batch_commands', {
        transaction_id: 'after',
        aggregator_uuid: AGGREGATOR,
        batch_commands,
      });
      exchange.tick();
      expect(said.some(({ data }) => data.includes('"transaction_id":"after"'))).to.equal(true);
    });
  }

  it('answers a dangerous command beside good ones, which are done', () => {
    const { exchange, said, send, uuid } = setUp();
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
