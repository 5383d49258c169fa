import { expect } from 'chai';
import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import {
  readAggregators,
  readCreatedAggregator,
  readScenario,
  readSelection,
  readSocketMessage,
  readToken,
  readTokenTimes,
} from '../../lib/wire/hosted.ts';

const scenario = (serialized: unknown) =>
  JSON.stringify({ data: { readConfiguration: { scenarioData: { latest: { serialized } } } } });

describe('the answers of the hosted exchange', () => {
  it('are read where they say what is asked', () => {
    const aggregators = readAggregators('[{"uuid": "u", "name": "n", "devicesList": []}]');
    expect(isRight(aggregators) && aggregators.right).to.deep.equal([{ uuid: 'u', name: 'n' }]);
    const created = readCreatedAggregator('{"uuid": "u"}');
    expect(isRight(created) && created.right).to.deep.equal({ uuid: 'u' });
  });

  it('give the areas of a scenario, parents before children, whatever their children look like', () => {
    const children = [
      { name: 'b', uuid: '2', children: null },
      { name: 'c', uuid: '1', children: [] },
    ];
    const map = readScenario(scenario(JSON.stringify({ name: 'a', uuid: '9', type: 'Area', children })));
    expect(isRight(map) && [...map.right]).to.deep.equal([
      ['9', 'a'],
      ['2', 'b'],
      ['1', 'c'],
    ]);
  });

  for (const [trouble, text, told] of [
    ['an error', '{"errors": [{"message": "unknown uuid"}], "data": null}', 'unknown uuid'],
    ['no data', '{"data": null}', '$.data: expected an object with readConfiguration, got null'],
    ['a scenario that is no JSON', scenario('{'), '$.data.readConfiguration.scenarioData.latest.serialized'],
    ['no JSON', '<html>', '$: expected'],
  ])
    it(`tell ${trouble} in place of a scenario`, () => {
      const read = readScenario(text!);
      expect(isLeft(read) && read.left).to.include(told);
    });

  it('are read without a throw, whatever comes', () => {
    const texts = fc.oneof(fc.string(), fc.json());
    fc.assert(
      fc.property(texts, (text) => {
        for (const read of [readAggregators, readCreatedAggregator, readScenario, readSelection]) read(text);
        readToken(text);
        readTokenTimes(`a.${Buffer.from(text).toString('base64url')}.c`);
        readSocketMessage(text);
      }),
    );
  });
});

describe('readToken', () => {
  it('takes the newer key, and the older where that is missing', () => {
    expect(readToken('{"access": "a", "token": "b"}')).to.equal('a');
    expect(readToken('{"token": "b"}')).to.equal('b');
    expect(readToken('{"access": null, "token": "b"}')).to.equal('b');
    expect(readToken('{"access": 1}')).to.equal(undefined);
  });
});

describe('readSocketMessage', () => {
  it('tells what a message is, from its texts only', () => {
    expect(readSocketMessage('{"event": "tick", "command": 1, "x": 2}')).to.deep.equal({ event: 'tick' });
    expect(
      readSocketMessage('{"command": "register", "device_uuid": "d", "transaction_id": "t"}'),
    ).to.deep.equal({ command: 'register', areaUuid: 'd', transactionId: 't' });
    for (const text of ['', '[]', 'null', '1', '{']) expect(readSocketMessage(text)).to.equal(undefined);
  });
});
