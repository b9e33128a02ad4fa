/** Models taken out of the app, and proved by the programs that they are for. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  apiAnswerSchema,
  apiFailureSchema,
  apiHealthSchema,
  apiModelSchema,
} from '../../../../src-main/contract/api/prediction-api.ts';
import type { ExportResult } from '../../../../src-main/contract/app/exports.ts';
import type { TrainingSettings } from '../../../../src-main/contract/shared/training-settings.ts';
import { exportIds } from '../../../../src-main/hosts/cli/ids/export-ids.ts';
import { exportFormats } from '../../../../src-main/registries/exports/index.ts';
import { writeSmallBackbone } from '../../../fixtures/models/small-backbone-file.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import {
  onnxPackages,
  pythonWith,
  runPython,
  tensorflowPackages,
} from '../../../fixtures/python-environment.ts';
import { chromiumPath, visitPage } from './browser-page.ts';
import { type TrainingCore, codeOf, importInto, trainingCore } from '../../../fixtures/training-core.ts';

/** What the scripts of each format need. */
const packages: Record<string, readonly string[]> = {
  onnx: onnxPackages,
  litert: tensorflowPackages,
  'litert-float16': tensorflowPackages,
  'litert-int8': tensorflowPackages,
  'saved-model': tensorflowPackages,
  keras: tensorflowPackages,
  'keras-h5': tensorflowPackages,
};

let here: TrainingCore;
const runs: Record<string, string> = {};

beforeAll(async () => {
  here = await trainingCore();
  const backbone = await writeSmallBackbone(join(here.folder, 'network'));
  await here.core.nameBackbone(backbone);
  await drawShapes(join(here.folder, 'shapes'), 60);
  await importInto(here, join(here.folder, 'shapes'));
  // Enough for limits of "I don't know".
  await here.client.datasets.makeSplit({ fractions: { train: 0.4, validation: 0.5, test: 0.1 }, seed: 1 });
  const shared = { imageSize: 48, batchSize: 16, learningRate: 1e-3, epochs: 1, augmentation: null };
  runs['from the beginning'] = await train('scratch', { ...shared, imageSize: 150 });
  runs['fine-tuned after a solved head'] = await train('tuned-probe', {
    ...shared,
    backbone,
    unfreezeFrom: 'conv_2',
  });
});
afterAll(() => here.close());

async function train(recipe: string, settings: TrainingSettings): Promise<string> {
  const over = here.untilStatus('done', 'failed');
  await here.client.training.start({ recipe, settings });
  const run = await over;
  expect(run.error).toBeNull();
  return run.id;
}

/** A place that nothing has. */
const place = (name: string): string => join(here.folder, name);

async function write(
  run: string,
  format: string,
  out: string | null,
  { overwrite = false, signal }: { overwrite?: boolean; signal?: AbortSignal } = {},
): Promise<ExportResult> {
  const pick = out === null ? undefined : here.core.context.pickedPaths.add(out);
  const input = { run, format, overwrite, ...(pick === undefined ? {} : { out: pick }) };
  for await (const event of await here.client.exports.write(input, signal === undefined ? {} : { signal }))
    if (event.type === 'done') return event;
  throw new Error('it ended without a result');
}

/** Photos of which some are of no class: noise, and one colour. */
async function foreignFolder(): Promise<string> {
  const folder = place('foreign');
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  const noise = Uint8Array.from({ length: 48 * 48 * 3 }, (_, at) => (at * 7919) % 251);
  const raw = { width: 48, height: 48, channels: 3 } as const;
  await sharp(noise, { raw }).png().toFile(join(folder, 'noise.png'));
  await sharp({ create: { ...raw, background: '#0f0' } })
    .png()
    .toFile(join(folder, 'green.png'));
  for (const name of ['discs', 'stripes'])
    for (const file of readdirSync(place(`shapes/${name}`)).slice(0, 3))
      copyFileSync(place(`shapes/${name}/${file}`), join(folder, `${name}-${file}`));
  return folder;
}

/** Lines that the program of an export prints for `foreignFolder`, against what the app says of the same photos. */
async function expectAsInTheApp(run: string, lines: readonly string[]): Promise<void> {
  type Line = { image: string; label: string; unknown: boolean; why: string | null; distance: number };
  const folder = await foreignFolder();
  const files = readdirSync(folder).sort();
  const picks = files.map((file) => here.core.context.pickedPaths.add(join(folder, file)));
  const said = await here.client.training.predict({ run, picks });
  const found = lines.map((line) => JSON.parse(line) as Line);
  expect(found).toHaveLength(files.length);
  for (const [index, { image, label, why, distance }] of found.entries()) {
    expect(image).toContain(files[index]);
    const { unknown, ...answer } = said[index];
    expect([label, why]).toEqual([answer.label, unknown || null]);
    expect(distance).toBeCloseTo(answer.distance!, 2);
  }
  expect(found.some(({ unknown }) => unknown)).toBe(true);
  expect(found.some(({ unknown }) => !unknown)).toBe(true);
}

const cases = exportFormats.flatMap(({ id }) =>
  ['from the beginning', 'fine-tuned after a solved head'].map((run) => ({ id, run })),
);

it('lists on the command line what there is', async () => {
  const found = await here.client.exports.formats();
  expect(exportIds).toEqual(found.map(({ id }) => id));
  for (const { purpose } of found) expect(purpose).toMatch(/^For .*\.$/);
});

describe.each(cases)('$id of a run trained $run', ({ id, run }) => {
  let folder: string;

  it('is loaded again before it is done, and agrees on ten photos of both classes', async () => {
    folder = place(`${id} ${run}`);
    const { tolerance } = exportFormats.find((format) => format.id === id)!;
    const done = await write(runs[run], id, folder);
    expect(done).toMatchObject({ format: id, out: folder, images: 10, problems: [] });
    expect(done.largestDifference).toBeLessThanOrEqual(tolerance);
    // What rounds coarsely says what that costs, on photos that are not of the test.
    expect(done.accuracy === null).toBe(id !== 'litert-int8');
    if (done.accuracy !== null) {
      expect(done.accuracy.photos).toBeGreaterThanOrEqual(10);
      expect(done.accuracy.same).toBeGreaterThan(0.8);
      expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('Its numbers are rounded.');
    }
    const expected = JSON.parse(readFileSync(join(folder, 'golden', 'expected.json'), 'utf8')) as {
      image: string;
      probabilities: Record<string, number>;
      distance: number;
    }[];
    expect(expected).toHaveLength(10);
    const names = expected.map(({ image }) => image.slice(3));
    expect(new Set(names)).toEqual(new Set(['discs.png', 'stripes.png']));
    expect(done.files).toEqual(expect.arrayContaining(['confidence.json', 'reference.npy']));
    for (const { image, probabilities, distance } of expected) {
      expect(distance).toBeGreaterThanOrEqual(0);
      expect(done.files).toContain(`golden/${image}`);
      expect(probabilities.discs + probabilities.stripes).toBeCloseTo(1, 5);
    }
    expect(readFileSync(join(folder, 'labels.txt'), 'utf8')).toBe('discs\nstripes\n');
    expect(done.files).toEqual(expect.arrayContaining(['README.md', 'export.json', 'labels.txt']));
    expect(existsSync(join(folder, 'NOTICE.txt'))).toBe(run !== 'from the beginning');
  });

  it('passes its own check in Python', async ({ skip }) => {
    const needed = packages[id];
    if (needed === undefined) return skip('this format has no Python');
    // TensorFlow takes long to begin.
    if (needed === tensorflowPackages && !id.startsWith('litert') && run === 'from the beginning')
      return skip('the other run is checked');
    const { python, missing } = pythonWith(...needed);
    if (python === null) return skip(missing);
    expect(runPython(python, ['check.py'], folder)).toMatch(/^All 10 agree; the largest difference is /m);
    if (id !== 'onnx') return;
    // The script is the same for all: it predicts other photos too.
    const lines = runPython(python, ['check.py', await foreignFolder(), '--json'], folder)
      .trim()
      .split('\n');
    await expectAsInTheApp(runs[run], lines);
    // It fails where the model is another: the golden photos are what proves it.
    const path = join(folder, 'golden', 'expected.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/"discs": [\d.e-]+/, '"discs": 0.123'));
    let printed = '';
    try {
      runPython(python, ['check.py'], folder);
    } catch (error) {
      printed = String((error as { stdout?: string }).stdout);
    } finally {
      writeFileSync(path, text);
    }
    expect(printed).toContain('DOES NOT AGREE');
  });
});

it('predicts with the examples of ONNX as they are', ({ skip }) => {
  const folder = place('onnx from the beginning');
  symlinkSync(join(import.meta.dirname, '../../../../node_modules'), join(folder, 'node_modules'), 'dir');
  const photo = join(folder, 'golden', '01-discs.png');
  const [{ probabilities }] = JSON.parse(readFileSync(join(folder, 'golden', 'expected.json'), 'utf8')) as {
    probabilities: Record<string, number>;
  }[];
  const line = `discs: ${(100 * probabilities.discs).toFixed(1)}%`;
  expect(
    execFileSync(process.execPath, [join(folder, 'example.mjs'), photo], { encoding: 'utf8' }),
  ).toContain(line);
  const { python, missing } = pythonWith(...onnxPackages);
  if (python === null) return skip(missing);
  expect(runPython(python, ['example.py', photo], folder)).toContain(line);
});

it('passes the check of the Node folder as it is, and fails it where a score differs', async () => {
  const folder = place('node fine-tuned after a solved head');
  symlinkSync(join(import.meta.dirname, '../../../../node_modules'), join(folder, 'node_modules'), 'dir');
  const check = (...words: string[]) =>
    spawnSync(process.execPath, [join(folder, 'check.mjs'), ...words], { encoding: 'utf8' });
  const whole = check();
  expect([whole.status, whole.stderr]).toEqual([0, '']);
  expect(whole.stdout).toMatch(/^All 10 agree; the largest difference is /m);
  const lines = check(await foreignFolder(), '--json')
    .stdout.trim()
    .split('\n');
  await expectAsInTheApp(runs['fine-tuned after a solved head'], lines);
  const path = join(folder, 'golden', 'expected.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/"discs": [\d.e-]+/, '"discs": 0.123'));
  expect(check()).toMatchObject({ status: 1, stdout: expect.stringContaining('DOES NOT AGREE') as string });
});

it('answers over HTTP as its Dockerfile starts it, as the app says', async () => {
  const folder = place('container fine-tuned after a solved head');
  symlinkSync(join(import.meta.dirname, '../../../../node_modules'), join(folder, 'node_modules'), 'dir');
  const [, command] = /^CMD (\[.*\])$/m.exec(readFileSync(join(folder, 'Dockerfile'), 'utf8'))!;
  const [, script] = JSON.parse(command) as string[];
  const env = { ...process.env, PORT: '0', HOST: '127.0.0.1', LENSLET_TOKEN: 'secret' };
  const server = spawn(process.execPath, [script], { cwd: folder, env });
  try {
    let said = '';
    for await (const part of server.stdout as AsyncIterable<Buffer>)
      if ((said += part.toString()).includes('port')) break;
    const url = `http://127.0.0.1:${/port (\d+)/.exec(said)![1]}`;
    const headers = { authorization: 'Bearer secret' };
    const ask = async (path: string, init: RequestInit = {}) => {
      const answer = await fetch(`${url}${path}`, { headers, ...init });
      return { status: answer.status, body: (await answer.json()) as object };
    };
    const expected = JSON.parse(readFileSync(join(folder, 'golden', 'expected.json'), 'utf8')) as {
      image: string;
      probabilities: Record<string, number>;
    }[];
    const form = new FormData();
    for (const { image } of expected)
      form.append('image', new Blob([readFileSync(join(folder, 'golden', image))]), image);
    form.append('image', new Blob(['no photo']), 'broken.jpg');
    const { status, body } = await ask('/v1/predict?top=2', { method: 'POST', body: form });
    const { predictions } = apiAnswerSchema.parse(body);
    expect(status).toBe(200);
    for (const [index, { image, probabilities }] of expected.entries()) {
      expect(predictions[index].image).toBe(image);
      for (const { label, probability } of predictions[index].top)
        expect(probability).toBeCloseTo(probabilities[label], 4);
    }
    expect(predictions.at(-1)).toMatchObject({ label: null, error: { code: 'IMAGE_UNREADABLE' } });
    expect(apiModelSchema.parse((await ask('/v1/model')).body).classes).toEqual(['discs', 'stripes']);
    expect(apiHealthSchema.parse((await ask('/health', { headers: {} })).body).status).toBe('ready');
    const wrong = { method: 'POST', body: 'text', headers: { ...headers, 'content-type': 'text/plain' } };
    const refused = [
      await ask('/v1/model', { headers: {} }),
      await ask('/v1/predict', wrong),
      await ask('/v1/predict', { method: 'POST', body: new FormData() }),
      await ask('/v1/predict', {
        method: 'POST',
        body: new Uint8Array(33_000_000),
        headers: { ...headers, 'content-type': 'image/png' },
      }),
    ];
    expect(refused.map((one) => one.status)).toEqual([401, 415, 400, 413]);
    for (const one of refused) apiFailureSchema.parse(one.body);
  } finally {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  }
});

it('shows a page that predicts in a browser, with the camera, and offline', async ({ skip }) => {
  const browser = chromiumPath();
  if (browser === null) return skip('there is no Chromium');
  const folder = place('tfjs-page fine-tuned after a solved head');
  const [{ image, probabilities }] = JSON.parse(
    readFileSync(join(folder, 'golden', 'expected.json'), 'utf8'),
  ) as { image: string; probabilities: Record<string, number> }[];
  const best = probabilities.discs > probabilities.stripes ? 'discs' : 'stripes';
  const foreign = ['noise.png', 'green.png'].map((file) => join(place('foreign'), file));
  const picks = foreign.map((path) => here.core.context.pickedPaths.add(path));
  const said = await here.client.training.predict({ run: runs['fine-tuned after a solved head'], picks });
  const visit = await visitPage(folder, browser, join(folder, 'golden', image), foreign);
  expect(visit.doubts.map((words) => words.startsWith('I don’t know: '))).toEqual(
    said.map(({ unknown }) => Boolean(unknown)),
  );
  expect(visit.report).toMatch(/^All 10 agree; the largest difference is /m);
  expect(visit).toMatchObject({ best, offline: best, errors: [] });
  expect(visit.camera).toMatch(/^[\d.]+ pictures a second$/);
});

it('lets TensorFlow decode files itself', ({ skip }) => {
  const { python, missing } = pythonWith(...tensorflowPackages);
  if (python === null) return skip(missing);
  const script = `
import json, tensorflow as tf
expected = json.load(open("golden/expected.json"))
files = [open("golden/" + golden["image"], "rb").read() for golden in expected]
serve = tf.saved_model.load(".").signatures["serving_files"]
scores = serve(image_bytes=tf.constant(files))["probabilities_of_classes"].numpy()
labels = open("labels.txt").read().split()
print(max(abs(scores[i][labels.index(k)] - v) for i, golden in enumerate(expected) for k, v in golden["probabilities"].items()))
`;
  const printed = runPython(python, ['-c', script], place('saved-model fine-tuned after a solved head'));
  expect(Number(printed)).toBeLessThan(1e-4);
});

describe('the place of an export', () => {
  it('is a free name in exports of the project, where none is given', async () => {
    const first = await write(runs['from the beginning'], 'onnx', null);
    const second = await write(runs['from the beginning'], 'onnx', null);
    expect(first.out).toBe(join(here.projectFolder, 'exports', 'From scratch 1 ONNX'));
    expect(second.out).toBe(`${first.out} 2`);
  });

  it('is refused where something is, and an earlier export is replaced when that is allowed', async () => {
    const out = place('taken');
    await write(runs['from the beginning'], 'onnx', out);
    expect(await codeOf(write(runs['from the beginning'], 'onnx', out))).toBe('EXPORT_TARGET_EXISTS');
    writeFileSync(join(out, 'of-mine.txt'), '');
    await write(runs['fine-tuned after a solved head'], 'onnx', out, { overwrite: true });
    expect(existsSync(join(out, 'of-mine.txt'))).toBe(false);
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('tuned-probe');
  });

  it('is never a folder that is not an export', async () => {
    const out = place('shapes');
    const before = readdirSync(out);
    const code = await codeOf(write(runs['from the beginning'], 'onnx', out, { overwrite: true }));
    expect(code).toBe('EXPORT_TARGET_FOREIGN');
    expect(readdirSync(out)).toEqual(before);
  });

  it('holds nothing after a cancel, and what a killed export left is removed by the next', async () => {
    const folder = place('cancelled');
    mkdirSync(folder);
    mkdirSync(join(folder, '.old.exporting-999999999-abc-01234567'));
    const controller = new AbortController();
    const pick = here.core.context.pickedPaths.add(join(folder, 'out'));
    const input = { run: runs['from the beginning'], format: 'onnx', out: pick };
    const cancelled = async () => {
      for await (const event of await here.client.exports.write(input, { signal: controller.signal }))
        if (event.type === 'progress' && event.phase.startsWith('writing')) controller.abort();
    };
    expect(await codeOf(cancelled())).toBe('CANCELLED');
    await expect.poll(() => readdirSync(folder)).toEqual([]);
  });
});

it('refuses a run whose photos are all gone, as nothing could prove its model', async () => {
  const other = await trainingCore();
  try {
    await drawShapes(join(other.folder, 'shapes'), 12);
    await importInto(other, join(other.folder, 'shapes'));
    const over = other.untilStatus('done', 'failed');
    const settings = { imageSize: 150, batchSize: 8, epochs: 1, learningRate: 1e-3 };
    await other.client.training.start({ recipe: 'scratch', settings });
    const { id } = await over;
    await other.core.projects.close({ interrupt: true });
    renameSync(join(other.folder, 'shapes'), join(other.folder, 'elsewhere'));
    renameSync(join(other.projectFolder, 'cache'), join(other.folder, 'cache'));
    await other.core.projects.openFolder(other.projectFolder);
    const write = async () => {
      for await (const event of await other.client.exports.write({ run: id, format: 'onnx' }))
        expect(event.type).toBe('progress');
    };
    expect(await codeOf(write())).toBe('EXPORT_NO_PHOTOS');
  } finally {
    await other.close();
  }
});
