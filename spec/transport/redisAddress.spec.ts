import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { GsyError } from '../../lib/errors.ts';
import { explainRedisError, parseRedisUrl } from '../../lib/transport/redisAddress.ts';

const refusal = (url: string): GsyError => {
  try {
    parseRedisUrl(url);
  } catch (error) {
    return error as GsyError;
  }
  throw new Error(`${url} was accepted`);
};

describe('parseRedisUrl', () => {
  it('takes what is missing from Redis’s own defaults', () => {
    expect(parseRedisUrl('redis://localhost')).to.deep.equal({
      where: 'localhost:6379',
      options: { host: 'localhost', port: 6379, username: '', password: '', db: 0 },
    });
    expect(parseRedisUrl('redis://localhost/').options.db).to.equal(0);
  });

  it('reads user, password, port and database, TLS and addresses in numbers', () => {
    expect(parseRedisUrl('rediss://me:secret@redis.example.org:7000/3')).to.deep.equal({
      where: 'redis.example.org:7000',
      options: {
        host: 'redis.example.org',
        port: 7000,
        username: 'me',
        password: 'secret',
        db: 3,
        tls: { servername: 'redis.example.org' },
      },
    });
    const { where, options } = parseRedisUrl('rediss://[::1]:7000');
    expect(where).to.equal('[::1]:7000');
    expect(options).to.include({ host: '::1' }).and.have.deep.property('tls', {});
  });

  it('reads any user and password that are percent-encoded', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (username, password) => {
        const url = `redis://${encodeURIComponent(username)}:${encodeURIComponent(password)}@localhost`;
        expect(parseRedisUrl(url).options).to.include({ username, password });
      }),
    );
  });

  it('says what is wrong with a URL without quoting any of it, for a password may stand anywhere in it', () => {
    const wrong = [
      ['', 'it is not a URL'],
      ['geheim', 'it is not a URL'],
      ['redis://:geheim', 'it is not a URL'],
      ['http://:geheim@localhost', 'it begins with neither of the two'],
      ['redis:///0', 'it names no host'],
      ['redis://me:12/geheim@localhost', 'the database after the host is not a number'],
      ['redis://me:geheim@localhost/zero', 'the database after the host is not a number'],
      ['redis://me:12#geheim@localhost', 'it has a ? or a #'],
      ['redis://localhost?password=geheim', 'it has a ? or a #'],
      ['redis://me:geheim%zz@localhost', 'a % in it is not followed by two hexadecimal digits'],
    ] as const;
    for (const [url, why] of wrong) {
      const error = refusal(url);
      expect(error).to.be.instanceOf(GsyError).and.include({ code: 'ERR_GSY_OPTIONS' });
      expect(error.message).to.include(`but ${why}.`);
      expect(inspect(error, { depth: 9, showHidden: true })).not.to.include('geheim');
    }
  });
});

describe('explainRedisError', () => {
  const address = parseRedisUrl('redis://me:geheim@localhost:7000');

  it('passes on what it does not know, without the password', () => {
    const error = explainRedisError(new Error('ERR odd, geheim'), address);
    expect(error.message).to.equal('Redis at localhost:7000: ERR odd, ***');
  });

  it('cuts off the arguments that Redis quotes', () => {
    const error = explainRedisError(
      new Error("ERR unknown command 'AUTH', with args beginning with: 'me' 'geh"),
      address,
    );
    expect(error.message).to.equal("Redis at localhost:7000: ERR unknown command 'AUTH'");
  });

  it('keeps no cause, which would carry the arguments of AUTH', () => {
    const cause = Object.assign(new Error('WRONGPASS'), {
      command: { name: 'auth', args: ['me', 'geheim'] },
    });
    const error = explainRedisError(cause, address);
    expect(error.cause).to.equal(undefined);
    expect(error.message).to.include('wrong user or password');
  });
});
