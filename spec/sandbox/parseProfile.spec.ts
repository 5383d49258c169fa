import { expect } from 'chai';
import { parseProfile } from '../../lib/sandbox/parseProfile.ts';

const profile = (text: string, least = 0): unknown => {
  const parsed = parseProfile(text, least);
  return 'profile' in parsed ? parsed.profile : undefined;
};
const mistakes = (text: string, least = 0): readonly string[] => {
  const parsed = parseProfile(text, least);
  return 'mistakes' in parsed ? parsed.mistakes : [];
};

describe('parseProfile', () => {
  it('reads powers and energies from CSV, whatever parts the columns and the decimals', () => {
    const powers = { powerW: { '00:00': 1.5, '06:30': 200 } };
    expect(profile('time;power W\n00:00;1,5\n06:30;200\n')).to.deep.equal(powers);
    expect(profile('INTERVAL,POWER(W)\r\n00:00,1.5\r\n06:30,200\r\n')).to.deep.equal(powers);
    expect(profile('\uFEFF"time","W"\n00:00,"1,5"\n\n06:30,2e2')).to.deep.equal(powers);
    expect(profile('00:00;1.5\n06:30;200')).to.deep.equal(powers);
    expect(profile('time;energy kWh\n00:00;0,25')).to.deep.equal({ energyKWh: { '00:00': 0.25 } });
  });

  it('reads dated times, with a T or a blank between day and time', () => {
    const dated = { powerW: { '2026-06-21T00:00': 1, '2026-06-21T00:15:30': 2 } };
    expect(profile('2026-06-21T00:00;1\n2026-06-21T00:15:30;2')).to.deep.equal(dated);
    expect(profile('2026-06-21 00:00;1\n2026-06-21 00:15:30;2')).to.deep.equal(dated);
  });

  it('reads the JSON that a community may hold itself', () => {
    expect(profile('\n{"energyKWh": {"00:00": 1}}')).to.deep.equal({ energyKWh: { '00:00': 1 } });
    expect(mistakes('{"energyKWh": ')).to.deep.equal(['this is no JSON']);
    expect(mistakes('{"powerW": {"0:00": 1, "00:00": "x"}}')).to.deep.equal([
      '$.powerW: expected a time HH:mm or YYYY-MM-DDTHH:mm, found "0:00"',
      '$.powerW["00:00"]: expected a number from 0 to 1000000000, found "x"',
    ]);
  });

  it('says in which lines of a CSV what is wrong', () => {
    expect(mistakes('time;power W\n00:00;1\nnoon;2\n13:00;\n14:00;-1\n15:00;1;2\n')).to.deep.equal([
      'line 3: expected a time HH:mm or YYYY-MM-DDTHH:mm, found "noon"',
      'line 4: expected a number of W from 0, found ""',
      'line 5: expected a number of W from 0, found "-1"',
      'line 6: expected 2 columns, found 3',
    ]);
    expect(profile('00:00;-1', -10)).to.deep.equal({ powerW: { '00:00': -1 } });
  });

  it('wants times that rise, are of one kind, exist, and begin at midnight where they repeat', () => {
    expect(mistakes('00:00;1\n02:00;1\n01:00;1')).to.deep.equal(['line 3: 01:00 does not come after 02:00']);
    expect(mistakes('00:00;1\n2026-06-21T00:00;1')).to.deep.equal([
      'line 2: times of the day and dated times are mixed',
    ]);
    expect(mistakes('time;W\n2026-02-28T00:00;1\n2026-02-30T00:00;1')).to.deep.equal([
      'line 3: expected a time HH:mm or YYYY-MM-DDTHH:mm, found "2026-02-30T00:00"',
    ]);
    expect(mistakes('01:00;1')).to.deep.equal(['line 1: times of the day begin at 00:00']);
  });

  it('does not take kilowatts for watts', () => {
    expect(mistakes('time;power kW\n00:00;1')).to.deep.equal([
      'line 1: expected W or kWh in the heading of the second column, found "power kW"',
    ]);
  });

  it('tells no more than twenty of many mistakes', () => {
    const lines = mistakes(['time;W', ...Array.from({ length: 50 }, () => 'x;y')].join('\n'));
    expect(lines).to.have.length(21);
    expect(lines.at(-1)).to.match(/^… and \d+ more$/);
  });

  it('says that an empty file has no rows, and where a quote is never closed', () => {
    expect(mistakes('')).to.deep.equal(['line 1: there are no rows']);
    expect(mistakes('time;power W\n')).to.deep.equal(['line 1: there are no rows']);
    expect(mistakes('time;power W\n00:00;"1')[0]).to.match(/^line \d+: /);
  });
});
