/** The lint rule itself: samples that must be reported, and some that must not. */
import { join } from 'node:path';
import { ESLint, Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { lenslet } from '../../../../scripts/eslint/join-inside.mjs';

function reported(code: string): number {
  const messages = new Linter().verify(code, [
    { plugins: { lenslet }, rules: { 'lenslet/join-inside': 'error' } },
  ]);
  expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
  return messages.length;
}

describe('the rule about joining paths', () => {
  it.each([
    "import { join } from 'node:path'; join(folder, row.path);",
    "import { join } from 'node:path'; join(folder, 'runs', id);",
    "import { join as glue } from 'path'; glue(folder, ...segments);",
    "import { resolve } from 'node:path'; resolve(folder, `${name}.json`);",
    "import path from 'node:path'; path.join(folder, name);",
    "import * as path from 'node:path'; const inner = request.path; path.resolve(folder, inner);",
    "import { join } from 'node:path'; for (const shard of manifest.paths) join(folder, shard);",
  ])('reports %j', (code) => expect(reported(code)).toBe(1));

  it.each([
    "import { join } from 'node:path'; join(folder, 'model', 'model.json');",
    "import { join } from 'node:path'; const file = 'run.json'; join(folder, file, `${file}.part`);",
    "import { join } from 'node:path'; import { checkpointFile } from './checkpoint.ts'; join(folder, checkpointFile);",
    "import { resolve } from 'node:path'; resolve(folder);",
    'const parts = []; parts.join(separator); join(folder, name);',
  ])('lets %j be', (code) => expect(reported(code)).toBe(0));

  it('is on for the modules that read paths, by the configuration of this repository', async () => {
    const eslint = new ESLint({ cwd: join(import.meta.dirname, '../../../..') });
    const isOn = async (file: string): Promise<boolean> => {
      const { rules } = (await eslint.calculateConfigForFile(file)) as { rules: Record<string, unknown> };
      return rules['lenslet/join-inside'] !== undefined;
    };
    expect(await isOn('src-main/services/runs/run-files.ts')).toBe(true);
    expect(await isOn('src-main/services/backbones/remove-model.ts')).toBe(true);
    expect(await isOn('src-main/services/project/projects.ts')).toBe(false);
  });
});
