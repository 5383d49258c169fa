import { readFileSync } from 'node:fs';
import { expect } from 'chai';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}
interface Locked {
  readonly packages: Readonly<
    Record<string, { readonly dev?: true; readonly hasInstallScript?: true; readonly resolved?: string }>
  >;
}

const { dependencies, peerDependencies, scripts } = JSON.parse(read('package.json')) as Manifest;
const runtime = Object.entries((JSON.parse(read('package-lock.json')) as Locked).packages).filter(
  ([path, { dev }]) => path !== '' && dev !== true,
);
const needed = Object.keys({ ...dependencies, ...peerDependencies });

describe('what is installed with the package', () => {
  it('is justified in docs/decisions.md, dependency by dependency, and nothing else is', () => {
    const [, section = ''] =
      /^## Runtime dependencies\n([^]*?)(?=^## |$(?![^]))/m.exec(read('docs/decisions.md')) ?? [];
    const justified = [...section.matchAll(/^\| `([^`]+)` +\| ([^|]{30,}) \|$/gm)].map(([, name]) => name);
    expect(justified).to.have.members(needed);
  });

  it('runs no script at installation, neither of ours nor of others', () => {
    expect(scripts).not.to.have.any.keys('preinstall', 'install', 'postinstall', 'prepare');
    expect(runtime.filter(([, { hasInstallScript }]) => hasInstallScript === true)).to.deep.equal([]);
  });

  it('is what the lock says, with its checksum', () => {
    const locked = runtime.map(([path]) => path.replace('node_modules/', ''));
    expect(locked).to.include.members(Object.keys(dependencies));
    for (const [path, each] of runtime) expect(each, path).to.have.property('integrity');
  });
});
