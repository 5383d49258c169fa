import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { firstValueFrom, toArray, VirtualTimeScheduler } from 'rxjs';
import { memoryBus, memoryTransport, run, type Strategy } from 'gsy-rx';
import { openSandbox, parseCommunity } from 'gsy-rx/sandbox';
import { typeErrors } from './typeErrors.ts';

const root = new URL('../', import.meta.url);
// Inside the project, so that the examples find gsy-rx by its name as their readers' files do.
const folder = new URL('.cache/examples/', root);

interface Example {
  readonly name: string;
  readonly file: URL;
  readonly code: string;
}

const documents = ['README.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
);

const examples: readonly Example[] = documents.flatMap((document) => {
  const blocks = readFileSync(new URL(document, root), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, code = ''], index) => {
    const name = `${document}, block ${index + 1}`;
    return { name, code, file: new URL(`${document.replaceAll('/', '-')}-${index + 1}.ts`, folder) };
  });
});

const isTest = ({ code }: Example) => /^describe\(/m.test(code);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
// Every example is a module of its own, even one that imports nothing.
for (const { file, code } of examples) writeFileSync(file, `${code}\nexport {};\n`);

const community = parseCommunity(
  readFileSync(new URL('fixtures/communities/small.json', import.meta.url), 'utf8'),
);

const trade = async (strategy: Strategy) => {
  const scheduler = new VirtualTimeScheduler();
  const bus = memoryBus(scheduler);
  const sandbox = openSandbox(community, { scheduler, bus });
  const { failure$, done } = run({
    transport: memoryTransport(bus),
    strategy,
    aggregator: 'example',
    scheduler,
  });
  const failures = firstValueFrom(failure$.pipe(toArray()));
  sandbox.start();
  scheduler.flush();
  return { end: await done, failures: await failures };
};

describe('the examples in README and docs', () => {
  it('are there', () => expect(examples.length).to.be.above(5));

  it('have sound types', () => {
    expect(typeErrors(examples.map(({ file }) => file))).to.deep.equal([]);
  }).timeout(120_000);

  for (const { name, file } of examples.filter((example) => !isTest(example)))
    it(`run: ${name}`, async () => {
      const { default: strategy } = (await import(file.href)) as { default?: Strategy };
      if (strategy === undefined) return;
      const { end, failures } = await trade(strategy);
      expect(failures).to.be.empty;
      expect(end).to.deep.equal({ reason: 'finished' });
    });
});

// Examples of tests are registered with mocha like any other.
for (const example of examples.filter(isTest)) await import(example.file.href);
