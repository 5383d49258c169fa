import { expect } from 'chai';
import { failureLine, reportFailure, sampleOf } from '../../lib/wire/report.ts';

describe('sampleOf', () => {
  it('shows short values whole', () => {
    expect(sampleOf({ a: [1, 'x', null, true], b: {} })).to.equal('{"a": [1, "x", null, true], "b": {}}');
    expect(sampleOf(undefined)).to.equal('nothing');
    expect(sampleOf(Number.POSITIVE_INFINITY)).to.equal('Infinity');
  });

  it('shows of long ones the beginning, in at most 200 characters', () => {
    const values = [
      'x'.repeat(1000),
      Array(1000).fill('y'.repeat(1000)),
      { ['k'.repeat(1000)]: '"'.repeat(1000) },
    ];
    for (const value of values) expect(sampleOf(value)).to.have.length.within(60, 200).and.include('…');
  });

  it('shows of deep ones the outermost levels', () => {
    expect(sampleOf([[[[1]]]])).to.equal('[[[…]]]');
    expect(sampleOf({ a: { b: { c: 1 } } })).to.equal('{"a": {"b": {…}}}');
  });

  it('shows of many entries the first', () => {
    expect(sampleOf([1, 2, 3, 4, 5, 6])).to.equal('[1, 2, 3, 4, 5, …]');
  });

  it('writes control characters and line separators as escapes', () => {
    expect(sampleOf('a\n\u001b[31m\u009b\u2028\u2029\u007f')).to.equal(
      String.raw`"a\n\u001b[31m\u009b\u2028\u2029\u007f"`,
    );
  });
});

describe('failureLine', () => {
  it('says where, what was expected, and what stood there', () => {
    expect(failureLine(reportFailure('Load 1/events/tick', 'a finite number', 'much', '$.a'))).to.equal(
      '"Load 1/events/tick" $.a: expected a finite number, got "much"',
    );
  });

  it('is one line even for a channel with line breaks', () => {
    expect(failureLine(reportFailure('a\nb', 'x', 1))).to.equal(String.raw`"a\nb" $: expected x, got 1`);
  });
});
