import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTiles } from '../../fixtures/engine-parts.ts';
import { type TestEngine, testEngine, trainAll, trainRequest } from '../../fixtures/engine-process.ts';

const canLimit = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;

describe.skipIf(!canLimit)('an engine that may have no more memory', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = testEngine();
    await engine.client.describe();
    const { pid } = engine.children[0];
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mapped = Number(/^VmSize:\s+(\d+)/m.exec(status)![1]) * 1024;
    execFileSync('prlimit', ['--pid', String(pid), `--as=${mapped + 2 ** 31}`]);
  });
  afterAll(async () => {
    await engine.close();
  });

  it('says which batch size to use, and that one fits', async ({ skip }) => {
    const { engine: id } = await engine.client.describe();
    skip(id !== 'tensorflow', `${id} allocates in another way`);
    const tiles = makeTiles({ images: 200, classes: 2, size: 150, channels: 3 });
    const settings = { batchSize: 160, epochs: 1, stepsPerEpoch: 1 };
    const request = { ...trainRequest(engine, tiles, settings), recipe: 'scratch', validation: null };
    const error = await trainAll(engine, request).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'BACKEND_OUT_OF_MEMORY', params: { batchSize: 160 } });
    const { suggestedBatchSize } = (error as { params: { suggestedBatchSize: number } }).params;
    expect(suggestedBatchSize).toBeLessThanOrEqual(80);
    // The same process goes on.
    const smaller = { ...request, settings: { ...request.settings, batchSize: 8 } };
    expect((await trainAll(engine, smaller)).at(-1)).toMatchObject({ outcome: 'done' });
    expect(engine.children).toHaveLength(1);
  });
});
