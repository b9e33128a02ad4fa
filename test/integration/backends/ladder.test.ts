/** The choice among engines: what is tried, what is said when one cannot be used. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { cpuCandidate } from '../../../src-main/backends/cpu.ts';
import { engineEnvironment } from '../../../src-main/backends/engine-environment.ts';
import { loadBackend, candidates } from '../../../src-main/backends/ladder.ts';
import type { BackendCandidate } from '../../../src-main/backends/candidate.ts';
import { createTensorflowGpuCandidate } from '../../../src-main/backends/tensorflow-gpu.ts';
import { createTensorflowCandidate } from '../../../src-main/backends/tensorflow.ts';
import { AppError } from '../../../src-main/contract/shared/errors.ts';
import { linkRuntime, writeNotes } from '../../../scripts/setup/tensorflow/link.mjs';
import { writeDescription } from '../../../scripts/setup/tensorflow/runtime-folder.mjs';
import { makeCheckout } from '../scripts/setup/checkout.ts';

let folder: string;
let modules: string;
/** A file of the checkout whose TensorFlow is broken. */
let base: string;
let brokenCandidates: BackendCandidate[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-ladder-'));
  makeCheckout(folder);
  modules = join(folder, 'node_modules');
  base = join(folder, 'index.js');
  brokenCandidates = [createTensorflowGpuCandidate(base), createTensorflowCandidate(base), cpuCandidate];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => linkRuntime(modules, null));

/** A runtime whose addon is no addon. */
function makeBrokenRuntime(kind: 'cpu' | 'gpu'): string {
  const runtime = join(folder, `runtime-${kind}`);
  for (const part of ['deps/lib', 'deps/nvidia/cudnn/lib', 'lib/napi-v8'])
    mkdirSync(join(runtime, part), { recursive: true });
  writeFileSync(join(runtime, 'lib', 'napi-v8', 'tfjs_binding.node'), 'not a library');
  writeDescription(runtime, { kind, tensorflow: '0', addon: '0', platform: 'none', source: 'test' });
  return runtime;
}

describe('where TensorFlow is missing or broken', () => {
  test('the app goes on in plain JavaScript, with what set-up said as the reason', async () => {
    writeNotes(join(modules, '.lenslet', 'engines.json'), [
      { engine: 'tensorflow', reason: 'no C++ compiler was found', remedy: 'Install one.' },
    ]);
    const { backend, rejected } = await loadBackend(brokenCandidates, '');
    expect(backend).toMatchObject({ id: 'cpu', slow: true });
    expect(rejected.map(({ engine }) => engine)).toEqual(['tensorflow-gpu', 'tensorflow']);
    expect(rejected[1]).toMatchObject({ reason: 'No C++ compiler was found.', remedy: 'Install one.' });
    for (const { reason, remedy } of rejected) expect([reason, remedy]).not.toContain('');
  });

  test('an addon that cannot be loaded is rejected with the loader’s words', async () => {
    linkRuntime(modules, { folder: makeBrokenRuntime('cpu'), kind: 'cpu' });
    const { backend, rejected } = await loadBackend(brokenCandidates, '');
    expect(backend.id).toBe('cpu');
    expect(rejected[1].reason).toMatch(/tfjs_binding\.node|invalid ELF|file too short/);
    expect(rejected[1].remedy).toContain('npm run setup');
    expect(backend.tf.getBackend()).toBe('cpu');
  });

  test('forced, it is an error that carries reason and remedy', async () => {
    const forced = loadBackend(brokenCandidates, 'tensorflow');
    await expect(forced).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
    await expect(forced).rejects.toThrow(/^No engine could be started: tensorflow: /);
  });
});

describe('LENSLET_ENGINE', () => {
  test('cpu is taken although better ones are there, which are listed as not asked for', async () => {
    const { backend, rejected } = await loadBackend(candidates, 'cpu');
    expect(backend.id).toBe('cpu');
    expect(rejected.map(({ reason }) => reason)).toEqual(['It was not selected.', 'It was not selected.']);
  });

  test('an unknown engine is refused with the known ones', async () => {
    const error: unknown = await loadBackend(candidates, 'quantum').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).message).toContain('tensorflow-gpu, tensorflow, cpu');
  });

  test('is read from the environment', () => {
    const script = `
      const { loadBackend } = await import(${JSON.stringify(new URL('../../../src-main/backends/ladder.ts', import.meta.url).href)});
      console.log((await loadBackend()).backend.id);
    `;
    const env = { ...process.env, LENSLET_ENGINE: 'cpu' };
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env,
      encoding: 'utf8',
    });
    expect(said.trim()).toBe('cpu');
  });
});

describe('the environment of the engine’s process', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('has CUDA’s libraries on its path with a GPU runtime, before what is there already', () => {
    const runtime = makeBrokenRuntime('gpu');
    linkRuntime(modules, { folder: runtime, kind: 'gpu' });
    const { LD_LIBRARY_PATH: path } = engineEnvironment({ LD_LIBRARY_PATH: '/mine' }, base);
    expect(path.split(':')).toEqual([
      join(runtime, 'deps', 'lib'),
      join(runtime, 'deps', 'nvidia', 'cudnn', 'lib'),
      '/mine',
    ]);
  });

  test('is left alone without one', () => {
    linkRuntime(modules, { folder: makeBrokenRuntime('cpu'), kind: 'cpu' });
    expect(engineEnvironment({}, base)).toEqual({});
  });
});
