/** The command line from photos to predictions, as its own process and on the real engine. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runChangeSchema } from '../../../../src-main/contract/app/results/results.ts';
import type { errorCatalogue } from '../../../../src-main/contract/shared/errors.ts';
import { lenslet as run, startLenslet, type Finished } from '../../../fixtures/command-line.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';

const home = mkdtempSync(join(tmpdir(), 'lenslet-cli-'));
const photos = join(home, 'my photos');
const project = join(home, 'projects', 'shapes');
const lenslet = (...words: string[]): Promise<Finished> => run(home, ...words);

const errorSchema = z.object({
  error: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() }),
});
const layerSchema = z.object({
  name: z.string(),
  type: z.string(),
  outputShape: z.array(z.number().nullable()),
  params: z.number(),
  multiplications: z.number(),
});
const summarySchema = z.object({
  layers: z.array(layerSchema),
  params: z.number(),
  trainableParams: z.number(),
  trainableWeights: z.number(),
});
const countsSchema = z.record(z.enum(['train', 'validation', 'test']), z.record(z.string(), z.number()));
const importSchema = z.looseObject({
  event: z.literal('done'),
  project: z.string(),
  images: z.number(),
  classes: z.array(z.string()),
  splits: countsSchema,
  quarantined: z.array(z.object({ path: z.string(), code: z.string() })),
});
const explainedSchema = {
  activations: z.object({
    layers: z.array(z.object({ name: z.string(), channels: z.number(), sparsity: z.number().min(0).max(1) })),
  }),
  heatmap: z.object({
    layer: z.string(),
    class: z.number(),
    label: z.string(),
    probability: z.number(),
    map: z.array(z.array(z.number())),
  }),
};
const startedSchema = z.object({
  event: z.literal('started'),
  run: z.string(),
  engine: z.string(),
  params: z.number(),
  trainableWeights: z.number(),
});
const epochSchema = z.object({
  event: z.literal('epoch'),
  epoch: z.number(),
  epochs: z.number(),
  loss: z.number(),
  accuracy: z.number(),
  valLoss: z.number(),
  valAccuracy: z.number(),
  seconds: z.number(),
});
const doneSchema = z.object({
  event: z.literal('done'),
  run: z.string(),
  path: z.string(),
  seconds: z.number(),
  test: z.object({ loss: z.number(), accuracy: z.number() }),
});
const evaluationSchema = z.object({
  split: z.string(),
  images: z.number(),
  loss: z.number(),
  accuracy: z.number(),
  classes: z.array(
    z.object({ name: z.string(), precision: z.number(), recall: z.number(), support: z.number() }),
  ),
  confusionMatrix: z.array(z.array(z.number())),
});
const predictionSchema = z.object({
  image: z.string(),
  label: z.string(),
  probability: z.number(),
  probabilities: z.record(z.string(), z.number()),
});
const refusedSchema = z.object({
  image: z.string(),
  error: z.object({ code: z.string(), message: z.string() }),
});

/** Exit code 0, and every line of stdout an object. */
function answers(finished: Finished): Record<string, unknown>[] {
  expect(finished.code, finished.stderr).toBe(0);
  return finished.lines();
}

/** Expects a failure in both of its forms. */
function expectFailure(finished: Finished, code: keyof typeof errorCatalogue, exit: number): void {
  expect(finished.code).toBe(exit);
  const { error } = errorSchema.parse(finished.lines().at(-1));
  expect(error.code).toBe(code);
  expect(finished.stderr.trimEnd().split('\n')).toContain(`${code}: ${error.message} ${error.remedy}`);
}

beforeAll(async () => {
  await drawShapes(photos, 30);
  writeFileSync(join(photos, 'discs', 'broken.jpg'), 'not a picture');
});
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

describe('usage', () => {
  test('help is quick and lists the commands there are, and none that are not', async () => {
    const before = performance.now();
    const { code, stdout } = await lenslet('--help');
    expect(code).toBe(0);
    for (const command of [
      'serve',
      'doctor',
      'import',
      'summary',
      'train',
      'evaluate',
      'compare',
      'predict',
      'explain',
      'export',
      'report',
      'check',
      'bench',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
    expect(stdout).not.toMatch(/^ {2}dataset /m);
    // 0.2 s on an idle machine; other tests run beside this one.
    expect(performance.now() - before).toBeLessThan(3000);
  });

  test.each([
    [['dataset'], /Unknown command “dataset”/],
    [['dataset', '--help'], /Unknown command “dataset”/],
    [['export', 'run-1'], /--format/],
    [['check'], /--project/],
    [['check', '--project', 'x', '--only', 'blur,dust'], /“dust”. Choose from: .*blur/],
    [['explain', 'filters', '--out', 'map.png'], /model/],
    [['explain', 'filters', 'model.json'], /--out/],
    [['explain', 'heatmap', 'model.json', '--out', 'map.png'], /--image is missing/],
    [['explain', 'filters', 'model.json', '--out', 'map.gif'], /\.png or \.svg/],
    [['explain', 'dreams', 'model.json', '--out', 'map.png'], /activations, filters, heatmap/],
    [['train'], /--project/],
    [['import', 'x'], /--project/],
    [['import', '--project', 'x'], /source/],
    [['train', '--project', 'x', '--epochs', '0'], /--epochs/],
    [['train', '--project', 'x', '--learning-rate', 'fast'], /--learning-rate/],
    [['train', '--project', 'x', '--unknown'], /--unknown/],
    [['evaluate', 'run-1'], /--project/],
    [['evaluate', 'run-1', '--project', 'x', '--split', 'all'], /--split/],
    [['predict', 'run-1'], /image/],
    [['serve', '--port', '70000'], /--port/],
  ])('%j is wrong usage', async (words, message) => {
    const finished = await lenslet(...words, '--json');
    expectFailure(finished, 'USAGE_INVALID', 2);
    expect(finished.stderr).toMatch(message);
  });
});

test('import makes the project, splits it and says what it could not use', async () => {
  const lines = answers(await lenslet('import', photos, '--project', project, '--json'));
  expect(lines).toHaveLength(1);
  const done = importSchema.parse(lines[0]);
  expect(done).toMatchObject({ project, images: 60, classes: ['discs', 'stripes'] });
  expect(done.quarantined.map(({ path, code }) => [path.split('/').at(-1), code])).toEqual([
    ['broken.jpg', 'IMAGE_NOT_AN_IMAGE'],
  ]);
  const images = Object.values(done.splits).flatMap((counts) => Object.values(counts));
  expect(images.reduce((sum, count) => sum + count, 0)).toBe(60);
  const again = importSchema.parse(
    answers(await lenslet('import', photos, '--project', project, '--json'))[0],
  );
  expect(again).toMatchObject({ images: 60, added: 0, known: 60 });
});

test('without --json people get a table', async () => {
  const { stdout } = await lenslet('import', photos, '--project', project);
  expect(stdout).toMatch(/class +train +validation +test +all/);
  expect(stdout).toMatch(/^discs +\d+ +\d+ +\d+ +30$/m);
  expect(stdout).toContain('IMAGE_NOT_AN_IMAGE');
});

test('what cannot be imported is said with a code and a remedy', async () => {
  const empty = join(home, 'empty');
  mkdirSync(empty);
  expectFailure(
    await lenslet('import', empty, '--project', join(home, 'p2'), '--json'),
    'DATASET_NO_IMAGES',
    1,
  );
  const nowhere = await lenslet('import', join(home, 'nowhere'), '--project', join(home, 'p3'), '--json');
  expectFailure(nowhere, 'DATASET_SOURCE_NOT_FOUND', 1);
  expect(existsSync(join(home, 'p3'))).toBe(false);
  cpSync(join(photos, 'discs'), join(home, 'one', 'discs'), { recursive: true });
  const one = await lenslet('import', join(home, 'one'), '--project', join(home, 'p4'), '--json');
  expect(one.code).toBe(0);
  expect(one.stderr).toContain('DATASET_ONE_CLASS');
});

test('summary knows the lesson’s numbers, with and without a project', async () => {
  const [scratch] = answers(await lenslet('summary', 'scratch', '--json')).map((line) =>
    summarySchema.parse(line),
  );
  expect([scratch.params, scratch.trainableParams, scratch.trainableWeights]).toEqual([
    3_453_121, 3_453_121, 12,
  ]);
  expect(scratch.layers[0]).toMatchObject({ outputShape: [null, 148, 148, 32], params: 896 });
  const [mnist] = answers(await lenslet('summary', 'mnist', '--json')).map((line) =>
    summarySchema.parse(line),
  );
  expect(mnist.params).toBe(93_322);
  const lecture = await lenslet('summary', 'mnist-no-pooling', '--base', '--names', 'lecture');
  expect(lecture.stdout).toContain('conv2d_3 (Conv2D)            (None, 22, 22, 64)        36928');
  expect(lecture.stdout).toContain('Total params: 55,744');
  const [three] = answers(await lenslet('summary', 'scratch', '--classes', '3', '--json'));
  expect(three.params).toBe(3_453_121 - 513 + 3 * 513);
  expectFailure(await lenslet('summary', 'nonsense', '--json'), 'TRAINING_RECIPE_UNKNOWN', 1);
  expectFailure(await lenslet('summary', './missing/model.json', '--json'), 'MODEL_NOT_FOUND', 1);
});

describe('training', () => {
  const settings = [
    '--epochs',
    '2',
    '--batch-size',
    '8',
    '--image-size',
    '64',
    '--learning-rate',
    '0.001',
    '--seed',
    '7',
  ];
  let path: string;
  let id: string;

  test('starts, tells each epoch, ends with the test', async () => {
    const finished = await lenslet(
      'train',
      '--project',
      project,
      '--recipe',
      'scratch',
      ...settings,
      '--json',
    );
    const [started, ...rest] = answers(finished);
    expect(startedSchema.parse(started)).toMatchObject({ trainableWeights: 12 });
    const done = doneSchema.parse(rest.pop());
    expect(rest.map((line) => epochSchema.parse(line)).map(({ epoch, epochs }) => [epoch, epochs])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    ({ path, run: id } = done);
    expect(path).toBe(join(project, 'runs', id));
    expect(existsSync(join(path, 'model', 'model.json'))).toBe(true);
    expect(finished.stderr).toMatch(/class +train +validation/);
  });

  test('gives the same history for the same seed', async () => {
    const history = async (): Promise<unknown[]> =>
      answers(await lenslet('train', '--project', project, '--recipe', 'scratch', ...settings, '--json'))
        .filter(({ event }) => event === 'epoch')
        .map(({ loss, accuracy, valLoss, valAccuracy }) => [loss, accuracy, valLoss, valAccuracy]);
    expect(await history()).toEqual(await history());
  });

  test('refuses what it cannot train', async () => {
    const unknown = await lenslet('train', '--project', project, '--recipe', 'unknown', '--json');
    expectFailure(unknown, 'TRAINING_RECIPE_UNKNOWN', 1);
    const int8 = await lenslet('train', '--project', project, '--precision', 'int8', '--json');
    expectFailure(int8, 'ENGINE_PRECISION_MISSING', 1);
    const none = await lenslet('train', '--project', join(home, 'no-project'), '--json');
    expectFailure(none, 'PROJECT_NOT_FOUND', 1);
    const small = await lenslet(
      'train',
      '--project',
      project,
      '--recipe',
      'scratch',
      '--image-size',
      '10',
      '--json',
    );
    expectFailure(small, 'MODEL_TOO_SMALL_INPUT', 1);
  });

  test('evaluate measures a run by its path or its id', async () => {
    const [byPath] = answers(await lenslet('evaluate', path, '--json')).map((line) =>
      evaluationSchema.parse(line),
    );
    expect(byPath.split).toBe('test');
    expect(byPath.classes.map(({ name }) => name)).toEqual(['discs', 'stripes']);
    const hits = byPath.confusionMatrix.reduce((sum, row, i) => sum + row[i], 0);
    expect(byPath.accuracy).toBeCloseTo(hits / byPath.images, 6);
    const byId = answers(await lenslet('evaluate', id, '--project', project, '--split', 'train', '--json'));
    expect(evaluationSchema.parse(byId[0])).toMatchObject({ split: 'train', images: 42 });
    expectFailure(await lenslet('evaluate', 'run-unknown', '--project', project, '--json'), 'NOT_FOUND', 1);
  });

  test('compare says what changed from a run to another, on the same photos', async () => {
    const runs = readdirSync(join(project, 'runs'));
    const other = runs.find((run) => run !== id)!;
    const [line] = answers(await lenslet('compare', path, other, '--project', project, '--json'));
    const change = runChangeSchema.parse(line);
    expect(change).toMatchObject({ split: 'test', before: { run: id }, after: { run: other } });
    // The same seed on the same photos: nothing flips, and that is no difference.
    expect(change).toMatchObject({ better: 0, worse: 0, flips: [], pValue: 1 });
    const text = await lenslet('compare', path, join(project, 'runs', other));
    expect(text.stdout).toContain('McNemar’s test: p = 1.000');
    expect(text.stdout).toMatch(/discs +\d+\.\d% +\d+\.\d% +\+0\.0 /);
    expectFailure(await lenslet('compare', path, path, '--json'), 'INPUT_INVALID', 1);
    expectFailure(await lenslet('compare', path, '--json'), 'USAGE_INVALID', 2);
    const never = await lenslet('compare', path, other, '--project', project, '--split', 'train', '--json');
    expectFailure(never, 'RESULTS_NOT_MEASURED', 1);
  });

  test('report writes the run down as a page and as a model card', async () => {
    const out = join(home, 'report.html');
    const [written] = answers(await lenslet('report', path, '--out', out, '--json'));
    expect(written).toMatchObject({ run: id, kind: 'html', out, withoutHeatmaps: null });
    const html = readFileSync(out, 'utf8');
    expect(html).toContain('<h2>Surest right answers</h2>');
    expect(html.match(/src="data:image\/png;base64,/g)!.length).toBeGreaterThan(2);
    expect(html).toContain('--recipe scratch --epochs 2 --batch-size 8');
    expectFailure(await lenslet('report', path, '--out', out, '--json'), 'EXPORT_TARGET_EXISTS', 1);
    expectFailure(await lenslet('report', path, '--out', 'report.doc', '--json'), 'REPORT_KIND_UNKNOWN', 1);
    const card = join(home, 'card', 'README.md');
    answers(await lenslet('report', path, '--out', card, '--json'));
    expect(readFileSync(card, 'utf8')).toContain('pipeline_tag: image-classification');
  });

  test('predict answers every file, from files and folders, into a table too', async () => {
    const csv = join(home, 'out.csv');
    const words = [
      'predict',
      path,
      join(photos, 'discs', 'broken.jpg'),
      join(photos, 'stripes'),
      '--csv',
      csv,
      '--json',
    ];
    const lines = answers(await lenslet(...words));
    expect(lines).toHaveLength(31);
    const bare = join(home, 'bare');
    mkdirSync(bare, { recursive: true });
    const [none] = answers(await lenslet('predict', path, bare, '--json'));
    expect(refusedSchema.parse(none).error.code).toBe('IMAGE_NONE_IN_FOLDER');
    expect(refusedSchema.parse(lines[0]).error.code).toBe('IMAGE_NOT_AN_IMAGE');
    for (const line of lines.slice(1)) {
      const { label, probability, probabilities } = predictionSchema.parse(line);
      expect(probabilities[label]).toBe(probability);
      expect(Object.values(probabilities).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    }
    const rows = readFileSync(csv, 'utf8').trimEnd().split('\r\n');
    expect(rows[0]).toBe('image,label,probability,error,discs,stripes');
    expect(rows).toHaveLength(32);
    expect(rows.filter((row) => row.includes('IMAGE_NOT_AN_IMAGE'))).toHaveLength(1);
  });

  test('predict takes a model file, other class names, and the best few only', async () => {
    const names = join(home, 'names.txt');
    writeFileSync(names, 'round\nstriped\n');
    const model = join(path, 'model', 'model.json');
    const photo = join(photos, 'discs', 'discs 1.jpg');
    const [line] = answers(
      await lenslet('predict', model, photo, '--classes', names, '--top', '1', '--json'),
    );
    const { label, probabilities } = predictionSchema.parse(line);
    expect(['round', 'striped']).toContain(label);
    expect(Object.keys(probabilities)).toEqual([label]);
    writeFileSync(names, 'only one\n');
    const wrong = await lenslet('predict', model, photo, '--classes', names, '--json');
    expectFailure(wrong, 'MODEL_CLASSES_MISMATCH', 1);
    // A path that is missing is answered like any file that cannot be used: the others are predicted all the same.
    const missing = await lenslet('predict', path, join(home, 'no.jpg'), photo, '--json');
    expect(missing.code).toBe(0);
    expect(missing.lines()).toMatchObject([
      { image: join(home, 'no.jpg'), error: { code: 'IMAGE_MISSING' } },
      { image: photo, label: expect.any(String) as unknown },
    ]);
  });

  test('explain shows what a run sees, as pictures', async () => {
    const photo = join(photos, 'discs', 'discs 1.jpg');
    const explain = async (what: string, ...words: string[]) => {
      const out = join(home, `${what}.png`);
      const [answer] = answers(await lenslet('explain', what, path, '--out', out, ...words, '--json'));
      expect(answer.out).toBe(out);
      // The signature of a PNG.
      expect(readFileSync(out).subarray(1, 4).toString()).toBe('PNG');
      return answer;
    };
    const { layers } = explainedSchema.activations.parse(await explain('activations', '--image', photo));
    expect(layers.map(({ channels }) => channels)).toEqual([32, 32, 64, 64, 128, 128, 128, 128]);
    const few = ['--count', '4', '--steps', '3', '--layer', 'conv2d_1'];
    expect(await explain('filters', ...few)).toMatchObject({ layer: 'conv2d_1', filters: 4, total: 64 });
    const heatmap = explainedSchema.heatmap.parse(await explain('heatmap', '--image', photo, '--class', '0'));
    expect(heatmap).toMatchObject({ layer: 'conv2d_3', class: 0, label: 'discs' });
    expect(heatmap.map.flat().every((value) => value >= 0 && value <= 1)).toBe(true);

    const svg = join(home, 'map.svg');
    const words = ['explain', 'heatmap', id, '--project', project, '--image', photo, '--out', svg];
    expect((await lenslet(...words, '--class', 'stripes')).stdout).toMatch(/^stripes \d/);
    expect(readFileSync(svg, 'utf8')).toMatch(/<metadata>.*grad-cam/);
    expectFailure(await lenslet(...words, '--layer', 'conv2d_9', '--json'), 'MODEL_LAYER_UNKNOWN', 1);
    expectFailure(await lenslet(...words, '--class', '2', '--json'), 'MODEL_CLASS_UNKNOWN', 1);
    const misspelt = await lenslet(...words, '--class', 'discz', '--json');
    expectFailure(misspelt, 'MODEL_CLASS_NAME_UNKNOWN', 1);
    expect(misspelt.stderr).toContain('Did you mean one of these: discs');
    const file = join(photos, 'discs', 'broken.jpg');
    const broken = await lenslet(...words, '--image', file, '--json');
    expectFailure(broken, 'IMAGE_NOT_AN_IMAGE', 1);
    expect(broken.stderr).toContain(`${file}:`);
    expectFailure(await lenslet(...words, '--image', join(home, 'no.jpg'), '--json'), 'IMAGE_MISSING', 1);
  });

  test('Ctrl-C leaves a run that goes on to the end', async () => {
    const words = [
      'train',
      '--project',
      project,
      '--recipe',
      'scratch',
      '--epochs',
      '400',
      '--batch-size',
      '8',
    ];
    const interrupted = startLenslet(home, [...words, '--image-size', '64', '--json']);
    const [, started] = await interrupted.printed(/"run":"([^"]+)"/);
    await interrupted.printed(/"epoch":2,/);
    // To the whole group, as a terminal does: the engine must not die of it.
    process.kill(-interrupted.child.pid!, 'SIGINT');
    const finished = await interrupted.finished;
    expectFailure(finished, 'CANCELLED', 130);
    expect(finished.stderr).toContain(`lenslet train --project ${project} --resume ${started}`);
    const trained = finished.lines().filter(({ event }) => event === 'epoch').length;
    const other = await lenslet(
      'train',
      '--project',
      project,
      '--epochs',
      '5',
      '--resume',
      started,
      '--json',
    );
    expectFailure(other, 'USAGE_INVALID', 2);
    expect(other.stderr).toContain('its epochs is 400');
    // What it was begun with may stand there again.
    const resumed = startLenslet(home, [...words, '--resume', started, '--json']);
    const [, epoch] = await resumed.printed(/"epoch":(\d+),/);
    expect(Number(epoch)).toBe(trained + 1);
    process.kill(-resumed.child.pid!, 'SIGTERM');
    expect((await resumed.finished).code).toBe(130);

    // `… | head`: the same clean stop.
    const piped = startLenslet(home, ['train', '--project', project, '--resume', started, '--json']);
    await piped.printed(/"epoch":/);
    piped.child.stdout!.destroy();
    const { code, stderr } = await piped.finished;
    expect(code).toBe(130);
    expect(stderr).toContain(`--resume ${started}`);
  });
});

const backbone = sharedData('backbones/mobilenet_v2_1.0_224/model.json');
const elephant = sharedData('elephant/creative_commons_elephant.jpg');
test.skipIf(backbone === null || elephant === null)(
  'predict takes a foreign model and says what it assumed (skipped without the test data)',
  async () => {
    const words = ['predict', backbone!, elephant!, '--top', '3', '--preprocess', '-1-1', '--json'];
    const finished = await lenslet(...words);
    const { label, probabilities } = predictionSchema.parse(answers(finished)[0]);
    expect(label).toBe('African_elephant');
    expect(Object.keys(probabilities)).toHaveLength(3);
    expect(finished.stderr).toContain('ImageNet');
  },
);

describe('serve', () => {
  test('prints one line with the full address, and ends cleanly', async () => {
    const server = startLenslet(home, ['serve', '--no-open', '--port', '0', '--project', project, '--json']);
    const [, url] = await server.printed(/^\{"url":"(http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43})"\}\n$/);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
    // Two programs in one project would overwrite each other's work.
    expectFailure(await lenslet('import', photos, '--project', project, '--json'), 'PROJECT_LOCKED', 1);
    server.child.kill('SIGTERM');
    const { code, stdout } = await server.finished;
    expect(code).toBe(0);
    expect(stdout.split('\n')).toHaveLength(2);
  });

  test('says so when the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    try {
      expectFailure(
        await lenslet('serve', '--no-open', '--port', String(port), '--json'),
        'SERVER_PORT_BUSY',
        1,
      );
    } finally {
      other.close();
    }
  });

  test('without a command and without a window the same app is served', async () => {
    const app = startLenslet(home, ['--no-open', '--port', '0']);
    await app.printed(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/);
    app.child.kill('SIGINT');
    expect((await app.finished).code).toBe(0);
  });
});
