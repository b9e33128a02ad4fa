/**
 * The tests of tfjs-core, which come in its npm package, against the TensorFlow engine that Lenslet ships.
 *
 *     npm run test:tfjs                fails for every test that stock tfjs-node passes and Lenslet does not
 *     npm run test:tfjs -- --stock     runs stock tfjs-node instead and writes test/tfjs/stock-failures.json
 *     npm run test:tfjs -- --names     prints the name of each test before it runs
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { loadTensorflow } from '../../src-main/backends/tensorflow-node.ts';
import { createTensorflowCandidate } from '../../src-main/backends/tensorflow.ts';
import { type Jasmine, type Outcome, runSpecs } from './jasmine.ts';

const checkout = resolve(import.meta.dirname, '..', '..');
const stockFailuresFile = join(import.meta.dirname, 'stock-failures.json');
const require = createRequire(import.meta.url);

/**
 * Bundles the tests: they import each other without file endings, which only a bundler resolves. tfjs-core keeps its
 * engine, flags, kernels and gradients in one global, so the copy in the bundle shares those of the engine under test.
 * @returns the path of the bundle
 */
async function bundleTests(): Promise<string> {
  const folder = join(checkout, 'build', 'tfjs-suite');
  mkdirSync(folder, { recursive: true });
  const entry = join(folder, 'entry.js');
  const dist = join(checkout, 'node_modules', '@tensorflow', 'tfjs-core', 'dist');
  const parts = ['public/chained_ops/register_all_chained_ops', 'register_all_gradients', 'jasmine_util'];
  const imports = parts.slice(0, 2).map((part) => `import ${JSON.stringify(join(dist, part))};`);
  writeFileSync(
    entry,
    [
      ...imports,
      `import { setTestEnvs } from ${JSON.stringify(join(dist, parts[2]))};`,
      // The tests register themselves for the environments that are set when they are loaded.
      `setTestEnvs([{ name: 'test-tensorflow', backendName: 'tensorflow', flags: {}, isDataSync: true }]);`,
      `require(${JSON.stringify(join(dist, 'tests'))});`,
    ].join('\n'),
  );
  const build = await rolldown({
    input: entry,
    platform: 'node',
    external: [/^node:/],
    logLevel: 'silent',
    // The package says that its files have no side effects; those of its tests do.
    treeshake: false,
  });
  const { output } = await build.write({ dir: folder, format: 'cjs', entryFileNames: 'suite.cjs' });
  await build.close();
  return join(folder, output[0].fileName);
}

/** Loads the engine to test: Lenslet's with its kernels, or tfjs-node as it comes. */
async function loadEngine(stock: boolean): Promise<string> {
  if (!stock) return (await createTensorflowCandidate().load()).version;
  const loaded = await loadTensorflow('@tensorflow/tfjs-node', import.meta.filename, () => undefined);
  return loaded.version;
}

function readStockFailures(): readonly string[] {
  return JSON.parse(readFileSync(stockFailuresFile, 'utf8')) as string[];
}

/** Says what a run of stock tfjs-node gave, and keeps it. @returns the exit code */
function keepStockFailures({ failed }: Outcome): number {
  for (const { name, message } of failed) console.log(`${name}\n  ${message}`);
  const names = failed.map(({ name }) => name).sort();
  writeFileSync(stockFailuresFile, `${JSON.stringify(names, null, 2)}\n`);
  console.log(`Written: ${names.length} failures of stock tfjs-node.`);
  return 0;
}

/** Compares with what stock tfjs-node fails. @returns the exit code */
function judge({ failed }: Outcome): number {
  const known = new Set(readStockFailures());
  const worse = failed.filter(({ name }) => !known.has(name));
  const better = [...known].filter((name) => !failed.some((failure) => failure.name === name));
  for (const { name, message } of worse) console.log(`\nstock passes, Lenslet fails: ${name}\n  ${message}`);
  console.log(`\nStock tfjs-node fails ${known.size}; of these Lenslet passes ${better.length}.`);
  console.log(`Of what stock passes, Lenslet fails ${worse.length}.`);
  return worse.length === 0 ? 0 : 1;
}

const { values } = parseArgs({ options: { stock: { type: 'boolean' }, names: { type: 'boolean' } } });
const stock = values.stock === true;
const version = await loadEngine(stock);
const jasmineRequire = require('jasmine-core') as { boot(from: unknown): Jasmine };
const jasmine = jasmineRequire.boot(jasmineRequire);
await import(pathToFileURL(await bundleTests()).href);
console.log(`tfjs-core's tests on ${stock ? 'stock tfjs-node' : 'Lenslet'} with TensorFlow ${version}`);
const outcome = await runSpecs(jasmine, values.names === true);
console.log(`${outcome.passed} passed, ${outcome.failed.length} failed`);
process.exit(stock ? keepStockFailures(outcome) : judge(outcome));
