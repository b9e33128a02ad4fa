/** Nothing native is loaded in a process of Electron (ADR 17): what its bundles and its sources can reach. */
import { readFileSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, resolve } from 'node:path';
import { type OutputOptions, rolldown } from 'rolldown';
import { describe, expect, test } from 'vitest';
import config from '../../../../rolldown.config.mjs';
import { nativeParts } from '../../../../scripts/laws/folders.mjs';
import { productionPackages } from '../../../../scripts/package/licences.mjs';

const root = resolve(import.meta.dirname, '..', '..', '..', '..');
const native = new RegExp(nativeParts);

/** What a program of Electron is bundled of, and what its bundle imports when it runs. */
async function bundled(program: string): Promise<{ modules: string[]; imports: string[] }> {
  const options = config.find(({ input }) => Object.keys(input as object).includes(program))!;
  const bundle = await rolldown({ ...options, cwd: root });
  const { output } = await bundle.generate(options.output as OutputOptions);
  await bundle.close();
  const chunks = output.filter((file) => file.type === 'chunk');
  const code = chunks.map((chunk) => chunk.code).join('\n');
  const required = [...code.matchAll(/\b(?:require|import)\(\s*["'`]([^"'`]+)["'`]\s*\)/g)].map(
    ([, name]) => name,
  );
  return {
    modules: chunks.flatMap((chunk) => chunk.moduleIds.map((id) => id.replaceAll('\\', '/'))),
    imports: [
      ...new Set([...chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]), ...required]),
    ],
  };
}

describe.each(['electron-main', 'electron-preload'])('%s', (program) => {
  test('holds nothing native, and loads nothing but Electron and parts of Node', async () => {
    const { modules, imports } = await bundled(program);
    expect(modules.length).toBeGreaterThan(0);
    expect(modules.filter((id) => native.test(id.slice(root.length + 1)))).toEqual([]);
    // The core has rooms that load native parts when they are used; none of it is here.
    expect(
      modules.filter((id) => /\/src-main\/(services|project|datasets|engine|backends|analysis)\//.test(id)),
    ).toEqual([]);
    const strangers = imports.filter((name) => name !== 'electron' && !isBuiltin(name));
    expect(strangers).toEqual([]);
    expect(imports.filter((name) => /sqlite|worker_threads|inspector|wasi/.test(name))).toEqual([]);
  });
});

test('the law for the shell names every installed package that has native parts', () => {
  const withAddons = productionPackages(root)
    .filter(({ folder }) =>
      readdirSync(folder, { recursive: true }).some((file) => String(file).endsWith('.node')),
    )
    .map(({ folder }) => folder.slice(root.length + 1).replaceAll('\\', '/'));
  expect(withAddons.length).toBeGreaterThanOrEqual(2);
  expect(withAddons.filter((folder) => !native.test(`${folder}/index.js`))).toEqual([]);
});

test('the preload is one file of CommonJS, as a sandboxed one has to be', async () => {
  const { imports } = await bundled('electron-preload');
  expect(imports).toEqual(['electron']);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object };
  expect(Object.keys(manifest.dependencies)).not.toContain('electron');
});
