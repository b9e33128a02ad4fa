// The import rules of ARCHITECTURE.md, computed from its table. `npm run lint` fails on the first violation.
const { nodeOnly, rules } = require('./scripts/laws/folders.mjs');

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...rules(),
    {
      name: 'the-engine-reaches-no-node',
      severity: 'error',
      from: { path: '^src-main/(engine|registries)/' },
      to: { path: nodeOnly, reachable: true },
    },
    {
      name: 'a-feature-is-entered-through-its-index',
      severity: 'error',
      from: { path: '^src-renderer/features/([^/]+)/' },
      to: {
        path: '^src-renderer/features/',
        pathNot: ['^src-renderer/features/$1/', '^src-renderer/features/[^/]+/(parts/)?index\\.ts$'],
      },
    },
    {
      name: 'the-app-enters-features-by-index-or-screen',
      severity: 'error',
      from: { path: '^src-renderer/app/' },
      to: { path: '^src-renderer/features/', pathNot: '/index\\.ts$|screen\\.vue$' },
    },
    {
      name: 'parts-are-pure',
      severity: 'error',
      from: { path: '^src-renderer/(features/.*/parts|app/parts|shared/components)/' },
      to: {
        path: '^src-renderer/(client/|shared/project/(app|care|dataset|project|selection)\\.ts$|.*/store\\.ts$)',
      },
    },
    {
      name: 'services-know-no-transport',
      severity: 'error',
      from: { path: '^src-main/services/' },
      to: {
        path: 'node_modules/(ws|electron)/|@orpc/(server|client)/(dist/adapters|ws|message-port|websocket)',
      },
    },
    {
      name: 'only-the-client-touches-a-transport',
      severity: 'error',
      from: { path: '^src-renderer/(?!client/)' },
      to: { path: '@orpc/' },
    },
    {
      name: 'electron-only-in-its-host',
      severity: 'error',
      from: { path: '^src-(main|renderer)/', pathNot: '^src-main/hosts/electron' },
      to: { path: '^electron$|node_modules/electron/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.vue', '.json'],
    },
  },
};
