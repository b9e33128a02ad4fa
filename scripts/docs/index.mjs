/** Writes the generated documents: `npm run docs`. A test fails when they differ from what this would write. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { containerLock } from './container-lock.mjs';
import { contractPage } from './contract.mjs';
import { databasePage } from './database.mjs';
import { errorPages } from './errors.mjs';

/** All generated documents: path in the repository → text. */
export async function generatedDocuments(root) {
  const pages = new Map([
    ['docs/contract.md', contractPage(root)],
    ['docs/database.md', databasePage(root)],
    ['src-main/registries/exports/container/container-lock.json', containerLock(root)],
  ]);
  for (const [name, text] of errorPages(root)) pages.set(`docs/errors/${name}`, text);
  const options = await resolveConfig(join(root, 'docs/contract.md'));
  for (const [path, text] of pages) {
    const parser = path.endsWith('.json') ? 'json' : 'markdown';
    pages.set(path, await format(text, { ...options, parser }));
  }
  return pages;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = join(import.meta.dirname, '..', '..');
  rmSync(join(root, 'docs/errors'), { recursive: true, force: true });
  for (const [path, text] of await generatedDocuments(root)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
