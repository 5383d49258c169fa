/* The layers of lib: a file imports only what stands above it here. */
const layers = [
  'model/',
  'errors.ts',
  'wire/',
  'transport/',
  'grid/',
  'events.ts',
  'link.ts',
  'health.ts',
  'registry.ts',
  'asset.ts',
  'areaEvents.ts',
  'aggregator.ts',
  'release.ts',
  'commands.ts',
  'operators/',
  'strategy.ts',
  'callbacks.ts',
  'sink/',
  'run.ts',
  'record/',
  'index.ts',
  'report/',
  'sandbox/',
  'testing.ts',
  'cli/',
  'cli.ts',
];
const path = (layer) => `^lib/${layer.replaceAll('.', '\\.')}${layer.endsWith('/') ? '' : '$'}`;
const below = layers.slice(0, -1).map((layer, i) => ({
  name: `${layer} imports only what stands above it`,
  severity: 'error',
  from: { path: path(layer) },
  to: { path: layers.slice(i + 1).map(path) },
}));

module.exports = {
  forbidden: [
    ...below,
    {
      name: 'model imports only itself',
      severity: 'error',
      from: { path: path('model/') },
      to: { path: '.', pathNot: path('model/') },
    },
    {
      name: 'io-ts has one home',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/wire/' },
      to: { path: 'node_modules/io-ts/' },
    },
    {
      name: 'fp-ts is for values, in wire and grid',
      severity: 'error',
      from: { path: '^lib/', pathNot: ['^lib/(wire|grid)/', '^lib/events\\.ts$', '^lib/sandbox/'] },
      to: { path: 'node_modules/fp-ts/' },
    },
    {
      name: 'every file of lib has its place in the layers',
      severity: 'error',
      from: {},
      to: { path: '^lib/', pathNot: layers.map(path) },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'lib does not know specs or strategies',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(spec|strategies)/' },
    },
    {
      name: 'strategies use the public doors',
      severity: 'error',
      from: { path: '^strategies/' },
      to: { path: '^lib/', pathNot: '^lib/(index|testing|sandbox/sandbox)\\.ts$' },
    },
    {
      name: 'the heavy parts do not load with the library',
      severity: 'error',
      from: { path: '^lib/index\\.ts$' },
      to: { path: '^lib/(cli|report|sandbox|testing)', reachable: true },
    },
    { name: 'no unresolvable import', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['gsy-rx-source', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
