import { expect } from 'chai';
import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import {
  readAggregators,
  readCreatedAggregator,
  readRegistry,
  readSelection,
  readSocketMessage,
  readToken,
  readTokenTimes,
} from '../../lib/wire/hosted.ts';

describe('the answers of the hosted exchange', () => {
  it('are read where they say what is asked', () => {
    const aggregators = readAggregators('[{"uuid": "u", "name": "n", "devicesList": []}]');
    expect(isRight(aggregators) && aggregators.right).to.deep.equal([{ uuid: 'u', name: 'n' }]);
    const created = readCreatedAggregator('{"uuid": "u"}');
    expect(isRight(created) && created.right).to.deep.equal({ uuid: 'u' });
  });

  it('give the registry, whatever is missing in it', () => {
    const registry = readRegistry(
      JSON.stringify({
        ...{ uuid: '9', name: 'Grid', type: 'Area', registered: null, aggregator_name: null, other: 1 },
        children: [
          { uuid: '1', name: 'Heat', type: 'HeatPump', registered: true, aggregator_name: 'mine' },
          { uuid: '2', name: 'Meter', type: 'SmartMeter', registered: false, children: null },
        ],
      }),
    );
    expect(isRight(registry) && registry.right).to.deep.equal({
      ...{ uuid: '9', name: 'Grid', type: 'Area' },
      children: [
        { uuid: '1', name: 'Heat', type: 'HeatPump', registered: true, aggregatorName: 'mine', children: [] },
        { uuid: '2', name: 'Meter', type: 'SmartMeter', registered: false, children: [] },
      ],
    });
  });

  it('are read without a throw, whatever comes', () => {
    const texts = fc.oneof(fc.string(), fc.json());
    fc.assert(
      fc.property(texts, (text) => {
        for (const read of [readAggregators, readCreatedAggregator, readRegistry, readSelection]) read(text);
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
