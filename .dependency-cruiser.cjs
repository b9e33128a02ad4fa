// The import rules of ARCHITECTURE.md, as code. `npm run lint` fails on the first violation.
const NODE_ONLY = '^(node:|sharp$|electron$)|node_modules/(sharp|electron|ws)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'renderer-sees-only-the-contract',
      severity: 'error',
      from: { path: '^src-renderer' },
      to: { path: '^src-main', pathNot: '^src-main/contract' },
    },
    {
      name: 'main-never-imports-the-renderer',
      severity: 'error',
      from: { path: '^src-main' },
      to: { path: '^src-renderer' },
    },
    {
      name: 'contract-imports-no-other-folder',
      severity: 'error',
      from: { path: '^src-main/contract' },
      to: { path: '^src-main/(?!contract/)' },
    },
    {
      name: 'core-imports-no-other-folder',
      severity: 'error',
      from: { path: '^src-main/core', pathNot: '^src-main/core/files' },
      to: { path: '^src-main/(?!core/|contract/shared/)' },
    },
    {
      name: 'core-files-takes-nothing-but-errors',
      severity: 'error',
      from: { path: '^src-main/core/files' },
      to: { path: '^src-main/(?!core/|contract/errors)' },
    },
    {
      name: 'core-files-is-for-node-only',
      severity: 'error',
      from: {
        path: '^src-main/(contract|core(?!/files)|engine|recipes|backbones|augmentations|visualisations)',
      },
      to: { path: '^src-main/core/files' },
    },
    {
      name: 'contract-and-core-are-platform-neutral',
      severity: 'error',
      from: { path: '^src-main/(contract|core/(jobs|random|statistics|text))', pathNot: '^src-main/core/files/' },
      to: { path: NODE_ONLY + '|@tensorflow' },
    },
    {
      name: 'datasets-and-project-never-import-tf',
      severity: 'error',
      from: { path: '^src-main/(datasets|project)' },
      to: { path: '@tensorflow' },
    },
    {
      name: 'engine-and-registries-take-tf-as-types-only',
      severity: 'error',
      from: { path: '^src-main/(engine|registries)' },
      to: { path: '@tensorflow', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'engine-and-registries-are-platform-neutral',
      severity: 'error',
      from: { path: '^src-main/(engine|registries)' },
      to: { path: NODE_ONLY },
    },
    {
      name: 'services-know-no-transport-and-no-host',
      severity: 'error',
      from: { path: '^src-main/services' },
      to: {
        path: '^src-main/hosts|node_modules/(ws|electron)/|@orpc/(server|client)/(dist/adapters|ws|message-port|websocket)',
      },
    },
    {
      name: 'nobody-imports-hosts',
      severity: 'error',
      from: { path: '^src-main/(?!hosts/)' },
      to: { path: '^src-main/hosts' },
    },
    {
      name: 'shared-knows-no-feature',
      severity: 'error',
      from: { path: '^src-renderer/shared' },
      to: { path: '^src-renderer/(features|app)' },
    },
    {
      name: 'only-the-client-touches-a-transport',
      severity: 'error',
      from: { path: '^src-renderer/(?!client/)' },
      to: { path: '@orpc/' },
    },
    {
      name: 'electron-only-in-hosts',
      severity: 'error',
      from: { path: '^src-(main|renderer)', pathNot: '^src-main/hosts/electron' },
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
