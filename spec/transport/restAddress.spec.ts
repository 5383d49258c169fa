import { expect } from 'chai';
import { soundAddress, type RestAddress } from '../../lib/transport/restAddress.ts';
import { compareVersions } from '../../lib/transport/restVersion.ts';

const sound: RestAddress = {
  domainName: 'https://exchange.example.org',
  webSocketDomainName: 'wss://exchange.example.org/external-ws',
  simulationId: 'sim',
  username: 'me',
  password: 'secret',
};

describe('soundAddress', () => {
  it('takes the slashes off the ends', () => {
    const { domainName, webSocketDomainName } = sound;
    const slashed = {
      ...sound,
      domainName: `${domainName}/`,
      webSocketDomainName: `${webSocketDomainName}//`,
    };
    expect(soundAddress(slashed)).to.deep.equal(sound);
  });

  for (const [option, scheme, values] of [
    [
      'domainName',
      'https',
      ['', 'exchange.example.org', 'wss://host', 'https://me:secret@host', 'https://host?a=b'],
    ],
    ['webSocketDomainName', 'wss', ['', 'https://host', 'wss://secret@host', 'wss://host#a']],
  ] as const)
    for (const value of values)
      it(`refuses the ${option} "${value}" without repeating it`, () => {
        expect(() => soundAddress({ ...sound, [option]: value }))
          .to.throw(`The ${option} has to look like ${scheme}://host/path`)
          .with.property('code', 'ERR_GSY_OPTIONS');
        expect(() => soundAddress({ ...sound, [option]: value })).not.to.throw(/secret/);
      });

  for (const option of ['simulationId', 'username', 'password'])
    it(`refuses an empty ${option}`, () => {
      expect(() => soundAddress({ ...sound, [option]: '' })).to.throw(`The ${option} is empty.`);
    });
});

describe('compareVersions', () => {
  for (const [one, other, order] of [
    ['1.9.0', '1.10.0', -1],
    ['2.0', '1.99.99', 1],
    ['1.2', '1.2.0', 0],
    ['v1.2.3', '1.2.3', 0],
    ['', '0.0.1', -1],
  ] as const)
    it(`puts "${one}" ${['before', 'beside', 'after'][order + 1]!} "${other}"`, () => {
      expect(Math.sign(compareVersions(one, other))).to.equal(order);
      expect(Math.sign(compareVersions(other, one)) + order).to.equal(0);
    });
});
