import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastMathComparison } from '../../../../src-main/contract/app/settings.ts';
import type { Run } from '../../../../src-main/contract/app/runs.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import {
  type TrainingCore,
  codeOf,
  importInto,
  quick,
  trainingCore,
} from '../../../fixtures/training-core.ts';

let here: TrainingCore;
let run: Run;
beforeAll(async () => {
  here = await trainingCore();
  await drawShapes(join(here.folder, 'shapes'), 30);
  await importInto(here, join(here.folder, 'shapes'));
  await here.client.training.start({ settings: { ...quick, epochs: 2 } });
  run = await here.untilStatus('done', 'failed', 'interrupted');
  expect(run.error).toBeNull();
});
afterAll(() => here.close());

/** What the running engine's process was given; null where the system does not tell. */
async function mathModeOfEngine(): Promise<string | null> {
  const { pid } = await here.core.context.engine.describe();
  if (process.platform !== 'linux') return null;
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return environment.find((line) => line.startsWith('ONEDNN_DEFAULT_FPMATH_MODE='))?.split('=')[1] ?? 'none';
}

describe('fast mathematics', () => {
  it('is kept, reaches a new engine at once when nothing is at work, and is in the doctor’s report', async () => {
    const before = await here.core.context.engine.describe();
    expect(await here.client.settings.engine()).toMatchObject({ fastMath: { on: false }, pending: false });
    expect(await mathModeOfEngine()).toBe('none');
    const changed = await here.client.settings.setEngine({ fastMath: true });
    expect(changed).toMatchObject({ fastMath: { on: true }, pending: false });
    expect(changed.cores).toBeGreaterThanOrEqual(1);
    expect((await here.core.context.engine.describe()).pid).not.toBe(before.pid);
    expect(await mathModeOfEngine()).toBe('BF16');
    const doctor = await here.client.app.doctor();
    expect(doctor).toMatchObject({ selfTest: 'passed', fastMath: { on: true }, cores: changed.cores });
    expect(here.told.filter((event) => event.type === 'engine' && event.engine.state === 'failed')).toEqual(
      [],
    );
  });

  it('waits for a run to end; the run goes on undisturbed', async () => {
    const { pid } = await here.core.context.engine.describe();
    const started = await here.client.training.start({ settings: { ...quick, epochs: 60 } });
    await here.until(({ id, history }) => id === started.id && history.length >= 1);
    expect(await here.client.settings.setEngine({ fastMath: false })).toMatchObject({
      fastMath: { on: false },
      pending: true,
    });
    expect((await here.core.context.engine.describe()).pid).toBe(pid);
    const stopped = await here.client.training.stop({ run: started.id });
    expect(stopped).toMatchObject({ status: 'stopped', error: null });
    const { offered } = (await here.client.settings.engine()).fastMath;
    expect(stopped.computing).toEqual({
      mode: 'graph',
      whyEager: null,
      precision: offered ? 'bfloat16' : 'float32',
    });
    expect((await here.core.context.engine.describe()).pid).not.toBe(pid);
    expect(await here.client.settings.engine()).toMatchObject({ pending: false });
    expect(await mathModeOfEngine()).toBe('none');
  });

  it('is measured on a run’s own model: speed and results of both', async () => {
    const seen: string[] = [];
    let comparison: FastMathComparison | null = null;
    for await (const event of await here.client.settings.measureFastMath({ run: run.id, images: 12 })) {
      if (event.type === 'progress') seen.push(`${event.done}/${event.total}`);
      else comparison = event.comparison;
    }
    expect(seen).toEqual(['0/4', '1/4', '2/4', '3/4', '4/4']);
    expect(comparison).toMatchObject({ run: run.id, images: 12 });
    const { stepMilliseconds, predictSeconds, accuracy, largestDifference, meanDifference, changed } =
      comparison!;
    for (const number of [...Object.values(stepMilliseconds), ...Object.values(predictSeconds)])
      expect(number).toBeGreaterThan(0);
    for (const share of Object.values(accuracy)) expect(share).toBeGreaterThanOrEqual(0);
    expect(changed).toBeLessThanOrEqual(12);
    expect(largestDifference).toBeLessThan(0.2);
    expect(meanDifference).toBeLessThanOrEqual(largestDifference);
    const unknown = async (): Promise<void> => {
      for await (const event of await here.client.settings.measureFastMath({ run: 'none' }))
        expect(event.type).toBe('progress');
    };
    expect(await codeOf(unknown())).toBe('NOT_FOUND');
  });
});

describe('the cache', () => {
  it('tells what takes the room, is cleared in parts and made again', async () => {
    const usage = await here.client.settings.cache();
    expect(usage.parts.map(({ name, kind, images }) => ({ name, kind, images }))).toEqual([
      { name: '150x3', kind: 'tiles', images: 60 },
      { name: '48x3', kind: 'tiles', images: 60 },
      { name: 'thumbnails', kind: 'thumbnails', images: 60 },
    ]);
    expect(usage.parts[1].bytes).toBeGreaterThanOrEqual(60 * 48 * 48 * 3);
    expect(usage.bytes).toBe(usage.parts.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(usage).toMatchObject({ limitIsSet: false });
    const cleared = await here.client.settings.clearCache({ parts: ['48x3'] });
    expect(cleared.parts.map(({ name }) => name)).toEqual(['150x3', 'thumbnails']);
    const { images } = await here.client.training.evaluate({ run: run.id, split: 'test' });
    expect(images).toBeGreaterThan(0);
    const again = (await here.client.settings.cache()).parts.find(({ name }) => name === '48x3');
    expect(again).toMatchObject({ images });
  });

  it('a limit of the user’s own is kept; a run at work keeps its tiles', async () => {
    expect(await here.client.settings.setCacheLimit({ bytes: 200_000_000 })).toMatchObject({
      limit: 200_000_000,
      limitIsSet: true,
    });
    const started = await here.client.training.start({ settings: { ...quick, epochs: 60 } });
    await here.until(({ id, history }) => id === started.id && history.length >= 1);
    const kept = await here.client.settings.clearCache({});
    expect(kept.parts.map(({ name, inUse }) => ({ name, inUse }))).toEqual([
      { name: '48x3', inUse: true },
      { name: 'thumbnails', inUse: false },
    ]);
    await here.client.training.stop({ run: started.id });
    expect((await here.client.settings.clearCache({})).parts.map(({ name }) => name)).toEqual(['thumbnails']);
    expect(await here.client.settings.setCacheLimit({ bytes: null })).toMatchObject({ limitIsSet: false });
  });
});
