import { expect } from 'chai';
import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import {
  askCanaryNetworks,
  askScenario,
  askScmCommunities,
  askUserAggregators,
} from '../../lib/wire/graphQl.ts';
import type { Reader } from '../../lib/wire/reader.ts';

const scenario = (serialized: unknown) =>
  JSON.stringify({ data: { readConfiguration: { scenarioData: { latest: { serialized } } } } });
const readScenario = askScenario('sim').read;

const sound = <T>(read: Reader<T>, answer: unknown): T => {
  const result = read(typeof answer === 'string' ? answer : JSON.stringify(answer));
  if (isRight(result)) return result.right;
  throw new Error(result.left);
};
const trouble = (read: Reader<unknown>, text: string): string => {
  const result = read(text);
  return isLeft(result) ? result.left : 'nothing';
};

describe('the answers of the hosted exchange in GraphQL', () => {
  it('give the areas of a scenario, parents before children, whatever their children look like', () => {
    const children = [
      { name: 'b', uuid: '2', children: null },
      { name: 'b', uuid: '1', children: [] },
      { name: 'c', uuid: '3' },
    ];
    const text = JSON.stringify({ name: 'a', uuid: '9', type: 'Area', children });
    expect([...sound(readScenario, scenario(text))]).to.deep.equal([
      ['9', 'a'],
      ['2', 'b'],
      ['1', 'b'],
      ['3', 'c'],
    ]);
  });

  it('give a huge scenario in bounded time', () => {
    const children = Array.from({ length: 50_000 }, (_, n) => ({ name: 'Load', uuid: `${n}` }));
    const text = JSON.stringify({ name: 'a', uuid: 'root', children });
    expect(sound(readScenario, scenario(text)).size).to.equal(50_001);
  }).timeout(10_000);

  it('give the aggregators of the user, with or without areas', () => {
    const aggregatorsList = [
      { configUuid: 's', name: 'mine', devicesList: [{ deviceUuid: 'a' }, { deviceUuid: 'b' }] },
      { configUuid: 's', name: 'empty', devicesList: null },
    ];
    expect(sound(askUserAggregators.read, { data: { aggregatorsList } })).to.deep.equal([
      { simulationId: 's', name: 'mine', areaUuids: ['a', 'b'] },
      { simulationId: 's', name: 'empty', areaUuids: [] },
    ]);
  });

  const network = (uuid: string, spotMarketType: string | null, other: object = {}) => ({
    ...{ uuid, type: 'CANARY_NETWORK', resultsStatus: 'running' },
    scenarioData: { forecastStreamAreaMapping: { stream: uuid } },
    settingsData: { spotMarketType },
    ...other,
  });
  const configurations = [
    network('one', 'ONE_SIDED'),
    network('two', 'TWO_SIDED'),
    network('scm', 'COEFFICIENTS'),
    network('paused', 'TWO_SIDED', { resultsStatus: 'paused' }),
    network('other', 'TWO_SIDED', { type: 'COLLABORATION' }),
    network('unset', null, { settingsData: null }),
    network('text', 'TWO_SIDED', { scenarioData: { forecastStreamAreaMapping: '{"stream": "text"}' } }),
    network('bare', 'TWO_SIDED', { scenarioData: null }),
  ];

  it('give those canary networks that run, and what feeds their areas', () => {
    const found = sound(askCanaryNetworks.read, { data: { listCanaryNetworks: { configurations } } });
    expect(
      found.map(({ uuid, forecastStreamAreaMapping }) => [uuid, ...forecastStreamAreaMapping.values()]),
    ).to.deep.equal([['one', 'one'], ['two', 'two'], ['text', 'text'], ['bare']]);
  });

  it('give those energy communities that run', () => {
    const found = sound(askScmCommunities.read, { data: { listScmCommunities: { configurations } } });
    expect(found.map(({ uuid }) => uuid)).to.deep.equal(['scm']);
  });

  for (const [told, text, reason] of [
    ['an error', '{"errors": [{"message": "unknown uuid"}], "data": null}', 'unknown uuid'],
    ['several errors', '{"errors": [{"message": "a"}, {"message": "b\\nc"}]}', 'a; b c'],
    ['no data', '{"data": null}', '$.data: expected an object with readConfiguration, got null'],
    ['a scenario that is no JSON', scenario('{'), '$.data.readConfiguration.scenarioData.latest.serialized'],
    ['no JSON', '<html>', '$: expected a GraphQL answer'],
  ] as const)
    it(`tell ${told} in place of a scenario`, () => {
      expect(trouble(readScenario, text)).to.include(reason);
    });

  it('tell at most 200 characters of what the server says', () => {
    const errors = [{ message: 'x'.repeat(1_000_000) }];
    expect(trouble(readScenario, JSON.stringify({ errors }))).to.have.length(200);
  });

  it('are read without a throw, whatever comes', () => {
    const data = fc.record({ data: fc.jsonValue() }).map((answer) => JSON.stringify(answer));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), data), (text) => {
        for (const { read } of [askScenario('s'), askUserAggregators, askCanaryNetworks]) read(text);
      }),
    );
  });

  it('ask for a simulation that cannot break out of the question', () => {
    expect(askScenario('a"b').query).to.include('(uuid: "a\\"b")');
  });
});
