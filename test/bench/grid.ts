/** Frame times of the image grid, from the browser test that scrolls it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench, Result } from './compare.ts';

const root = join(import.meta.dirname, '..', '..');

interface Report {
  readonly suites: readonly {
    readonly specs: readonly {
      readonly tests: readonly {
        readonly annotations: readonly { readonly type: string; readonly description?: string }[];
      }[];
    }[];
  }[];
}

/** Runs `large-grid.spec.ts` and takes what it noted. */
export async function measureGrid(bench: Bench): Promise<Result> {
  if (!existsSync(join(root, 'build', 'renderer', 'index.html')))
    return { skipped: 'the page is not built: npm run build:renderer' };
  bench.say('  a browser scrolls 50,000 images');
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const args = [
    cli,
    'test',
    '-c',
    'test/e2e/playwright.config.ts',
    'large-grid',
    '--workers=1',
    '--reporter=json',
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 2 ** 26 });
  const { suites } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report;
  const notes = suites.flatMap(({ specs }) =>
    specs.flatMap(({ tests }) => tests.flatMap(({ annotations }) => annotations)),
  );
  const frames = notes.find(({ type }) => type === 'frames')?.description;
  return frames === undefined ? { skipped: 'the browser test noted no frames' } : { note: frames };
}
