/** Photos go out with a network, results come back by hash: what a cluster is handed and what it may hand back. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadOnnxRuntime } from '../../../../src-main/backends/onnxruntime.ts';
import { unpackIds } from '../../../../src-main/contract/shared/id-ranges.ts';
import {
  type ResultLine,
  type ShardsRecord,
  manifestLineSchema,
  shardsRecordSchema,
} from '../../../../src-main/contract/shared/shards.ts';
import { readTar } from '../../../../src-main/services/exports/tar-file.ts';
import { encodeValues } from '../../../../src-main/services/shards/values.ts';
import { importShapesWithNetwork } from '../../../fixtures/narrow-project.ts';
import { type TrainingCore, codeOf, quick, trainingCore } from '../../../fixtures/training-core.ts';

let core: TrainingCore;
let features: ShardsRecord;
let results: string[];
const shardsFolder = (): string => join(core.folder, 'shards');
const signal = new AbortController().signal;
const work = { emit: () => undefined, signal };

beforeAll(async () => {
  core = await trainingCore();
  await importShapesWithNetwork(core, 14);
  await core.core.shards.write({}, { out: shardsFolder(), overwrite: false, perShard: 10 }, work);
  features = shardsRecordSchema.parse(JSON.parse(readFileSync(join(shardsFolder(), 'shards.json'), 'utf8')));
  results = await compute(shardsFolder(), features);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await core.close();
});

/** What a job does: runs the network of the shards on every photo in them. */
async function compute(folder: string, { model, shards }: ShardsRecord): Promise<string[]> {
  const runtime = await loadOnnxRuntime();
  const session = await runtime.open(readFileSync(join(folder, model.file)));
  const lines: string[] = [];
  for (const { file } of shards) {
    for await (const { name, content } of readTar(join(folder, file))) {
      if (!name.endsWith('.png')) continue;
      const { data, info } = await sharp(content).raw().toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({
        width: model.imageSize,
        height: model.imageSize,
        channels: model.channels,
      });
      const shape = [1, model.imageSize, model.imageSize, model.channels];
      const [{ values }] = await session.run(model.input, shape, Uint8Array.from(data), [model.output]);
      const line: ResultLine = { hash: name.slice(0, -4), model: model.id, values: encodeValues(values) };
      lines.push(JSON.stringify(line));
    }
  }
  await session.close();
  return lines;
}

function file(lines: readonly string[], name = 'results.jsonl'): string {
  const path = join(core.folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const take = (path: string, wanted = {}) => core.core.shards.import(wanted, path, work);

test('shards hold every photo once, with label, split and group, and say what they are', async () => {
  expect(features).toMatchObject({ photos: 28, classes: ['discs', 'stripes'], manifest: { lines: 28 } });
  expect(features.shards.map(({ photos }) => photos)).toEqual([10, 10, 8]);
  const lines = readFileSync(join(shardsFolder(), 'manifest.jsonl'), 'utf8').trim().split('\n');
  const manifest = lines.map((line) => manifestLineSchema.parse(JSON.parse(line)));
  expect(new Set(manifest.map(({ hash }) => hash)).size).toBe(28);
  expect(new Set(manifest.map(({ split }) => split))).toEqual(new Set(['train', 'validation', 'test']));
  expect(new Set(manifest.map(({ label }) => label))).toEqual(new Set(['discs', 'stripes']));
  const names: string[] = [];
  for await (const { name } of readTar(join(shardsFolder(), features.shards[2].file))) names.push(name);
  expect(names).toHaveLength(24);
  expect(names.filter((name) => /^[0-9a-f]{64}\.(png|cls|json)$/.test(name))).toHaveLength(24);
  expect(readdirSync(join(shardsFolder(), 'golden'))).toHaveLength(11);
});

test('a place that is taken is refused; with overwrite only earlier shards are replaced', async () => {
  const write = (out: string, overwrite: boolean) =>
    core.core.shards.write({}, { out, overwrite, perShard: 100 }, work);
  expect(await codeOf(write(shardsFolder(), false))).toBe('EXPORT_TARGET_EXISTS');
  const other = join(core.folder, 'other');
  mkdirSync(other);
  writeFileSync(join(other, 'mine.txt'), 'mine');
  expect(await codeOf(write(other, true))).toBe('EXPORT_TARGET_FOREIGN');
  expect(readFileSync(join(other, 'mine.txt'), 'utf8')).toBe('mine');
});

test('results that disagree are refused whole, and so are those of other models and empty ones', async () => {
  const spoilt = results.map((line) => {
    const parsed = JSON.parse(line) as { values: string };
    const values = new Float32Array(new Uint8Array(Buffer.from(parsed.values, 'base64')).buffer);
    values[3] += 1e-3;
    return JSON.stringify({ ...parsed, values: encodeValues(values) });
  });
  expect(await codeOf(take(file(spoilt)))).toBe('SHARD_RESULTS_DISAGREE');
  const foreign = results.map((line) => line.replace('features:', 'features:other-'));
  expect(await codeOf(take(file(foreign)))).toBe('SHARD_RESULTS_OTHER_MODEL');
  expect(await codeOf(take(file(['{', 'null'])))).toBe('SHARD_RESULTS_EMPTY');
  expect(await codeOf(take(join(core.folder, 'nowhere.jsonl')))).toBe('SHARD_RESULTS_MISSING');
});

test('sound results are imported once; faulty lines are counted and change nothing', async () => {
  const stranger = results[0].replace(/[0-9a-f]{64}/, 'f'.repeat(64));
  const { hash, model } = JSON.parse(results[1]) as { hash: string; model: string };
  const short = JSON.stringify({ hash, model, values: [1, 2] });
  const infinite = JSON.stringify({
    hash,
    model,
    values: encodeValues(new Float32Array(features.model.length).fill(NaN)),
  });
  const failed = JSON.stringify({ hash, model, error: 'no pixels' });
  const long = `{"hash":"${'x'.repeat(9 * 2 ** 20)}"}`;
  const faulty = [stranger, short, infinite, failed, long, '{"hash":', results[0].slice(0, 200)];
  const path = file([...faulty, ...results, results[0]]);
  const first = await take(path);
  expect(first).toMatchObject({ unknown: 1, failed: 1, damaged: 5, otherModel: 0, compared: 10 });
  expect(first.imported + first.unchanged).toBe(28);
  expect(first.imported).toBeGreaterThan(0);
  expect(first.largestDifference).toBeLessThan(1e-4);
  expect(await take(path)).toMatchObject({ imported: 0, unchanged: 28 });
});

test('the answers of a run come back as the predictions that the grid shows', async () => {
  const ended = core.untilStatus('done');
  await core.client.training.start({ recipe: 'scratch', settings: { ...quick, epochs: 1 } });
  const { id: run } = await ended;
  const out = join(core.folder, 'run-shards');
  await core.core.shards.write({ run }, { out, overwrite: false, perShard: 100 }, work);
  const record = shardsRecordSchema.parse(JSON.parse(readFileSync(join(out, 'shards.json'), 'utf8')));
  expect(record.model).toMatchObject({ kind: 'probabilities', length: 2, classes: ['discs', 'stripes'] });
  const path = file(await compute(out, record), 'results-run.jsonl');
  const { imported, unchanged } = await take(path, { run });
  expect(imported + unchanged).toBe(28);
  expect(await take(path, { run })).toMatchObject({ imported: 0, unchanged: 28 });
  expect(await codeOf(take(path))).toBe('SHARD_RESULTS_OTHER_MODEL');
  const shown = async (prediction: 'right' | 'wrong' | 'none'): Promise<number> =>
    unpackIds((await core.client.labels.list({ filter: { run, prediction } })).ids).length;
  expect(await shown('none')).toBe(0);
  expect((await shown('right')) + (await shown('wrong'))).toBe(28);
});
