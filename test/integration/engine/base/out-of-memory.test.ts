import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainRequest } from '../../../../src-main/contract/engine/engine.ts';
import { EngineDied } from '../../../../src-main/services/base/engine-exit.ts';
import { makeTiles } from '../../../fixtures/engine-parts.ts';
import { type TestEngine, testEngine, trainAll, trainRequest } from '../../../fixtures/engine-process.ts';

const canLimit = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;

describe.skipIf(!canLimit)('an engine that may have no more memory', () => {
  let engine: TestEngine;
  const tiles = makeTiles({ images: 240, classes: 2, size: 150, channels: 3 });
  const request = (run: string, batchSize: number): TrainRequest => {
    const settings = { batchSize, epochs: 1, stepsPerEpoch: 1 };
    return { ...trainRequest(engine, tiles, settings, run), recipe: 'scratch', validation: null };
  };
  beforeEach(async () => {
    engine = testEngine();
    // Threads, code and libraries take their address space before it is limited, or any of them could be what fails.
    await trainAll(engine, request('before', 8));
    const { pid } = engine.children[0];
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mapped = Number(/^VmSize:\s+(\d+)/m.exec(status)![1]) * 1024;
    execFileSync('prlimit', ['--pid', String(pid), `--as=${mapped + 2 ** 31}`]);
  });
  afterEach(async () => {
    await engine.close();
  });

  // Which allocation fails is up to the machine. Of some TensorFlow reports, of others its process dies: both are the
  // same to a user, who is told a batch size, and trains with it.
  it('says which batch size to use, and that one fits', async ({ skip }) => {
    const { engine: id } = await engine.client.describe();
    skip(id !== 'tensorflow', `${id} allocates in another way`);
    const thrown: unknown = await trainAll(engine, request('large', 160)).catch((error: unknown) => error);
    const error =
      thrown instanceof EngineDied ? thrown.toAppError({ batchSize: 160, suggestedBatchSize: 80 }) : thrown;
    expect(error).toMatchObject({ code: 'BACKEND_OUT_OF_MEMORY', params: { batchSize: 160 } });
    const { suggestedBatchSize } = (error as { params: { suggestedBatchSize: number } }).params;
    expect(suggestedBatchSize).toBeLessThanOrEqual(80);
    expect((await trainAll(engine, request('small', 8))).at(-1)).toMatchObject({ outcome: 'done' });
    // A process that survived goes on.
    expect(engine.children).toHaveLength(thrown instanceof EngineDied ? 2 : 1);
  });
});
