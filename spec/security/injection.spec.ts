import { expect } from 'chai';
import fc from 'fast-check';
import { buildSchema, parse, validate, valueFromASTUntyped, visit } from 'graphql';
import { of } from 'rxjs';
import { hostedAsset, type HostedSession } from 'gsy-rx';
import { STEERING_CHANNELS } from '../../lib/sandbox/steering.ts';
import { segment } from '../../lib/transport/restPath.ts';
import {
  AGGREGATOR_COMMANDS,
  AGGREGATOR_RESPONSE,
  AREA_MAP,
  AREA_MAP_RESPONSE,
  batchChannel,
  HEARTBEAT,
  marketCallChannel,
  registrationChannel,
} from '../../lib/wire/channels.ts';
import { askScenario } from '../../lib/wire/graphQl.ts';
import { readToken } from '../../lib/wire/hosted.ts';
import { encodeRequest } from '../../lib/wire/requests.ts';
import { decode } from '../wire/decode.ts';

/** Names that mean something somewhere: to Redis, to a path, to a header, to a query, to a program. */
const hostile = fc.oneof(
  fc.constantFrom(
    '*',
    '?',
    '[a]',
    '..',
    '.',
    '/',
    '//',
    '../..',
    'a/b',
    'a\nb',
    'a\r\nHost: b',
    '\0',
    '"',
    '\\"',
  ),
  fc.constantFrom(
    'external-aggregator//batch_commands',
    'aggregator-commands',
    '") { x } #',
    '%2e%2e',
    '?a=b',
    '#',
  ),
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({
    unit: fc.constantFrom('/', '.', '*', '?', '#', '%', '"', '\\', '\r', '\n', '{', '}', '(', ')', ' ', 'a'),
  }),
);

const GLOBAL: readonly string[] = [
  ...[AGGREGATOR_COMMANDS, AGGREGATOR_RESPONSE, AREA_MAP, AREA_MAP_RESPONSE, HEARTBEAT, batchChannel()],
  ...STEERING_CHANNELS,
];

describe('names and ids of others', () => {
  it('lead to no channel but the area’s own, whatever stands in them', () => {
    fc.assert(
      fc.property(hostile, (channelName) => {
        for (const channel of [
          registrationChannel('register', channelName),
          registrationChannel('unregister', channelName),
          marketCallChannel({ kind: 'grid-fees', channelName }),
        ]) {
          expect(GLOBAL).not.to.include(channel);
          expect(channel.startsWith(`${channelName}/`)).to.equal(true);
          expect(channel.slice(channelName.length + 1)).not.to.include('/');
        }
      }),
    );
  });

  it('stay texts in what is sent', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, transactionId) => {
        const { data } = encodeRequest({ kind: 'create-aggregator', name, aggregatorUuid: transactionId });
        expect(JSON.parse(data)).to.deep.equal({ name, type: 'CREATE', transaction_id: transactionId });
      }),
    );
  });

  it('stay one segment each of a path, and those that would mean a way up are refused', () => {
    const paths: string[] = [];
    const session = { call: (path: string) => (paths.push(path), of(undefined)) } as unknown as HostedSession;
    fc.assert(
      fc.property(hostile, hostile, (simulationId, areaUuid) => {
        if ([simulationId, areaUuid].some((id) => ['', '.', '..'].includes(id))) {
          expect(() => hostedAsset(session, { simulationId, areaUuid }))
            .to.throw()
            .with.property('code', 'ERR_GSY_OPTIONS');
          return;
        }
        hostedAsset(session, { simulationId, areaUuid }).forecastNextSlot(1);
        const { pathname, search, hash } = new URL(`https://exchange.example.org/${paths.at(-1)!}`);
        const segments = pathname.split('/');
        expect(segments).to.have.length(7);
        expect(segments.slice(3, 5).map(decodeURIComponent)).to.deep.equal(
          [simulationId, areaUuid].map((id) => Buffer.from(id).toString()),
        );
        expect(search + hash).to.equal('');
      }),
    );
    for (const dots of ['', '.', '..']) expect(() => segment(dots)).to.throw('is no uuid');
  });

  it('stay one string in a GraphQL query', () => {
    const schema = buildSchema('scalar Any type Query { readConfiguration(uuid: String!): Any }');
    fc.assert(
      fc.property(hostile, (simulationId) => {
        const whole = parse(askScenario(simulationId).query.replace(/\{ scenarioData.*$/s, '}'));
        expect(validate(schema, whole)).to.deep.equal([]);
        const values: unknown[] = [];
        visit(whole, { Argument: ({ value }) => void values.push(valueFromASTUntyped(value)) });
        expect(values).to.deep.equal([simulationId]);
      }),
    );
  });

  it('are no token where they could become another header', () => {
    for (const token of ['a\r\nX: 1', '', 'ä', '\0'])
      expect(readToken(JSON.stringify({ access: token }))).to.equal(undefined);
    expect(readToken(JSON.stringify({ access: 'a.b-c_d.e=' }))).to.equal('a.b-c_d.e=');
  });

  it('end in failures, where they stand in the channel of a message', () => {
    fc.assert(
      fc.property(hostile, hostile, (channel, data) => {
        expect(decode({ channel: `${channel}/events/all`, data }, { feeUnit: 'cents/kWh' })).to.have.property(
          '_tag',
        );
      }),
    );
  });
});
