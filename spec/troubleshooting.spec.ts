import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

const root = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** All that the library can say: its sources, with texts joined that are broken over lines. */
const said = readdirSync(new URL('lib/', root), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => read(`lib/${name}`).replaceAll(/['`] \+\s+['`]/g, ''))
  .join('\n');

/** The messages in the tables whose heading says that there are some. */
const messages = read('docs/troubleshooting.md')
  .split(/^## /m)
  .flatMap((section) => {
    const [heading = '', , ...rows] = section.split('\n').filter((line) => line.startsWith('|'));
    const column = heading.split('|').findIndex((cell) => /^ (Message|Reason) /.test(cell));
    return rows.flatMap((row) => [...(row.split('|')[column] ?? '').matchAll(/`([^`]+)`/g)]);
  })
  .map(([, message = '']) => message);

describe('docs/troubleshooting.md', () => {
  it('has messages', () => expect(messages.length).to.be.above(40));

  for (const message of messages)
    it(`quotes what is said: ${message}`, () => {
      const parts = message.split('…').map((part) => part.trim());
      for (const part of parts) expect(said).to.include(part);
    });
});
