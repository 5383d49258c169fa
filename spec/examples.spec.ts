import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { firstValueFrom, toArray, VirtualTimeScheduler } from 'rxjs';
import ts from 'typescript';
import { memoryBus, memoryTransport, run, type Strategy } from 'gsy-rx';
import { openSandbox, parseCommunity } from 'gsy-rx/sandbox';

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

const typeErrors = (): ReadonlyMap<string, readonly string[]> => {
  const config = ts.getParsedCommandLineOfConfigFile(
    fileURLToPath(new URL('tsconfig.json', root)),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: () => undefined,
    },
  );
  const program = ts.createProgram(
    examples.map(({ file }) => fileURLToPath(file)),
    { ...config?.options, noUnusedLocals: false, noUnusedParameters: false },
  );
  const errors = new Map<string, string[]>();
  for (const { file, messageText } of ts.getPreEmitDiagnostics(program)) {
    const name = file?.fileName ?? 'options';
    errors.set(name, [...(errors.get(name) ?? []), ts.flattenDiagnosticMessageText(messageText, '\n')]);
  }
  return errors;
};

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
    expect([...typeErrors()]).to.deep.equal([]);
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
