/** Runs `import.ts` in a process of its own, so that its memory and its first seconds are its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ImportMeasurement } from './import.ts';

/** Imports a folder into a fresh project. */
export async function runImport(folder: string): Promise<ImportMeasurement> {
  const script = join(import.meta.dirname, 'import.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--json', folder], {
    maxBuffer: 2 ** 24,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as ImportMeasurement;
}
