import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { contract } from '../../../../src-main/contract/app/index.ts';
import { errorCatalogue } from '../../../../src-main/contract/shared/errors.ts';
import { generatedDocuments } from '../../../../scripts/docs/index.mjs';

let pages: Map<string, string>;
beforeAll(async () => {
  pages = await generatedDocuments(process.cwd());
}, 60_000);

test('the generated documents are those that `npm run docs` writes now', () => {
  for (const [path, text] of pages) {
    const written = existsSync(path) ? readFileSync(path, 'utf8') : '';
    expect(written === text, `${path} differs from its sources: run \`npm run docs\``).toBe(true);
  }
  const written = readdirSync('docs/errors').map((name) => `docs/errors/${name}`);
  expect(written.filter((path) => !pages.has(path))).toEqual([]);
});

test('describe every error code with its message and what to do', () => {
  const text = [...pages]
    .flatMap(([path, page]) => (path.startsWith('docs/errors/') ? [page] : []))
    .join('\n');
  for (const code of Object.keys(errorCatalogue)) expect(text).toContain(`## ${code}\n`);
  expect(text).toContain('The disk is full: `{path}` could not be written.');
});

test('describe every request with the comments and the types of its fields', () => {
  const text = pages.get('docs/contract.md')!;
  for (const [domain, procedures] of Object.entries(contract))
    for (const name of Object.keys(procedures)) expect(text).toContain(`### ${domain}.${name}\n`);
  expect(text).toMatch(
    /### labels\.apply\n\nDoes an edit and writes it into the journal\.\n\n- Input: \[Edit\]/,
  );
  expect(text).toContain('- `undone`: boolean. True for entries that were undone and can be done again.');
  expect(text).toContain('- Output: stream of [AppEvent](#appevent)');
});

test('describe every table of the database, its indexes and its queries', () => {
  const text = pages.get('docs/database.md')!;
  expect(text).toMatch(/\| `class_id` +\| INTEGER or null, → `class` +\| Its label; null without one\. +\|/);
  expect(text).toContain('- `image_hash`: `image (hash)`');
  expect(text).toContain('SELECT max(coalesce(max(id), 0)');
});

test('lead with every link to a heading or a file that is there', () => {
  for (const [path, text] of pages) {
    for (const [, file, heading] of text.matchAll(/\]\(([^)#]*)(?:#([^)]+))?\)/g)) {
      const target = file === '' ? path : join(dirname(path), file);
      const page = pages.get(target);
      expect(page, `${path} links to ${target}`).toBeDefined();
      const anchors = [...page!.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
        title
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      if (heading !== undefined) expect(anchors, `${path} links to ${target}`).toContain(heading);
    }
  }
});
