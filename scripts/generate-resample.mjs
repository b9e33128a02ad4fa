/**
 * Compiles the inner loops of src-main/datasets/photos/resample.ts to WebAssembly. The result is checked in: only who changes
 * them needs the compiler (AssemblyScript, 100 MB), which is fetched for this one run.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const compiler = 'assemblyscript@0.28.20';
const folder = join(import.meta.dirname, '..', 'src-main', 'datasets', 'photos', 'resample');
const work = mkdtempSync(join(tmpdir(), 'lenslet-resample-'));
try {
  const file = join(work, 'kernel.wasm');
  const options = [
    '--outFile',
    file,
    '--runtime',
    'stub',
    '--optimizeLevel',
    '3',
    '--enable',
    'simd',
    '--noAssert',
  ];
  const source = join(folder, 'assembly', 'kernel.ts');
  execFileSync('npx', ['--yes', '--ignore-scripts', '-p', compiler, 'asc', source, ...options], {
    stdio: 'inherit',
    cwd: work,
    shell: process.platform === 'win32',
  });
  const lines =
    readFileSync(file)
      .toString('base64')
      .match(/.{1,100}/g) ?? [];
  const text = lines.map((line) => `  '${line}'`).join(' +\n');
  const about = `/** Made of assembly/kernel.ts by scripts/generate-resample.mjs with ${compiler}. A WebAssembly module, in base64. */`;
  writeFileSync(join(folder, 'generated', 'kernel.ts'), `${about}\nexport const kernelModule =\n${text};\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
