import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import ts from 'typescript';
import { hostileTexts, parseRegex, stepsOf } from './regexSteps.ts';

const lib = new URL('../../lib/', import.meta.url);

const regexOf = (literal: string): RegExp => {
  const end = literal.lastIndexOf('/');
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
};

/** Every regular expression in the sources, and where it stands. */
const all = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('scaffold'))
  .flatMap((file) => {
    const text = readFileSync(new URL(file, lib), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    const found: { readonly file: string; readonly regex: RegExp }[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) found.push({ file, regex: regexOf(node.text) });
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });

describe('the regular expressions', () => {
  it('are found, and none is put together out of texts', () => {
    expect(all.length).to.be.above(50);
    for (const file of readdirSync(lib, { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.ts'))
        expect(readFileSync(new URL(file, lib), 'utf8'), file).not.to.match(/\bRegExp\(/);
  });

  it('are counted rightly: one that is known to be bad is found out', () => {
    const growth = (regex: RegExp, text: (n: number) => string) =>
      stepsOf(regex, text(200)) / stepsOf(regex, text(100));
    expect(growth(/^a*$/, (n) => `${'a'.repeat(n)}!`)).to.be.below(2.1);
    expect(growth(/a*$/, (n) => `${'a'.repeat(n)}!`)).to.be.above(3.5);
    expect(growth(/^a*a*$/, (n) => `${'a'.repeat(n)}!`)).to.be.above(3.5);
    expect(() => stepsOf(/^(a+)+$/, `${'a'.repeat(100)}!`)).to.throw('needs more than');
  });

  for (const { file, regex } of all)
    it(`take no more than twice the steps for twice the text: ${String(regex)} of ${file}`, () => {
      const node = parseRegex(regex);
      const longer = hostileTexts(regex, 60);
      for (const [index, text] of hostileTexts(regex, 30).entries()) {
        const [steps, more] = [stepsOf(regex, text, node), stepsOf(regex, longer[index]!, node)];
        expect(more, JSON.stringify(text.slice(0, 40))).to.be.below(2.5 * steps + 300);
      }
    });
});
