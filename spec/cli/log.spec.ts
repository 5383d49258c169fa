import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { openLog, type Log, type LogOptions } from '../../lib/cli/log.ts';
import type { Terminal } from '../../lib/cli/terminal.ts';
import { lines } from './terminal.ts';

const PASSWORD = 'correct "horse" battery';

describe('the log', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gsy-rx-'));
    file = join(folder, 'run.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What stands on stderr after all this was told. */
  const told = (options: Partial<LogOptions>, tell: (log: Log) => void): string => {
    const err = new PassThrough();
    const log = openLog({ err } as unknown as Terminal, { level: 'info', format: 'text', ...options });
    tell(log);
    log.close();
    return String(err.read() ?? '');
  };
  const records = (text: string) => lines(text).map((line) => JSON.parse(line) as Record<string, unknown>);

  it('tells a line for people on stderr, and its record in the file', () => {
    const shown = told({ file }, (log) =>
      log.about({ run: 'r1' })('warn', { line: 'so it is', about: { slot: 's1' } }),
    );
    expect(shown).to.equal('warn: so it is\n');
    const [record, ...more] = records(readFileSync(file, 'utf8'));
    expect(more).to.be.empty;
    expect(record).to.include({ level: 'warn', run: 'r1', slot: 's1', msg: 'so it is' });
    expect(record?.time).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('tells records on stderr where these are asked for', () => {
    const shown = told({ format: 'json' }, (log) => log('info', 'so it is'));
    expect(records(shown)).to.have.length(1).and.to.have.nested.property('[0].msg', 'so it is');
  });

  it('makes no line that its level does not ask for', () => {
    const never = () => {
      throw new Error('made all the same');
    };
    expect(told({ file }, (log) => log('debug', never))).to.equal('');
    expect(readFileSync(file, 'utf8')).to.equal('');
  });

  it('keeps secrets out of lines and of fields, in every spelling', () => {
    for (const format of ['text', 'json'] as const) {
      const shown = told({ format, file }, (log) => {
        log.hide(PASSWORD);
        const quoting = `he said ${PASSWORD}, ${JSON.stringify(PASSWORD)} and ${encodeURIComponent(PASSWORD)}`;
        log.about({ aggregator: PASSWORD })('info', {
          line: quoting,
          about: { areaName: quoting, slot: 's1' },
        });
      });
      for (const text of [shown, readFileSync(file, 'utf8')]) {
        expect(text).to.include('he said').and.to.include('…');
        expect(text).not.to.match(/correct|horse|battery/);
      }
    }
  });

  it('writes sound records, whatever a password is', () => {
    const secrets = fc.stringMatching(/^["\\\w{}:,]{6,20}$/);
    fc.assert(
      fc.property(secrets, fc.string({ unit: 'binary' }), (secret, other) => {
        const shown = told({ format: 'json' }, (log) => {
          log.hide(secret);
          log('info', { line: `${other}${secret}`, about: { areaName: `${secret}${other}` } });
        });
        const [record] = records(shown);
        expect(record).to.have.all.keys('level', 'time', 'areaName', 'msg');
        for (const text of [record?.msg, record?.areaName]) expect(text).not.to.include(secret);
      }),
    );
  });

  it('lets no text of others begin a line or steer the terminal', () => {
    const shown = told({}, (log) => log('info', 'a name\nerror: all is lost\u001b[2J'));
    expect(shown).to.equal('info: a name\n  error: all is lost [2J\n');
  });

  it('makes a file that only its owner reads, and adds to one that is there', () => {
    told({ file }, (log) => log('info', 'one'));
    told({ file }, (log) => log('info', 'two'));
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(records(readFileSync(file, 'utf8')).map(({ msg }) => msg)).to.deep.equal(['one', 'two']);
  });

  it('says once that a disk is full, and goes on without the file', () => {
    const shown = told({ file: '/dev/full' }, (log) => {
      log('info', 'one');
      log('info', 'two');
    });
    expect(lines(shown)).to.have.length(3);
    expect(lines(shown)[1]).to.match(/^warn: nothing more is written to the log file: ENOSPC/);
  });

  it('refuses a file that cannot be opened', () => {
    expect(() => told({ file: join(folder, 'no/such/folder/run.log') }, () => undefined))
      .to.throw(/the log file could not be opened/)
      .with.property('code', 'ERR_GSY_OPTIONS');
  });
});
