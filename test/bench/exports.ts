/**
 * Compares the exports of a run with the run on many photos, in the programs that they are for.
 *
 *   node test/bench/exports.ts RUN --project DIR --size 224 --photos FOLDER --python FOLDER/bin/python [--most 1000] [--format ID]…
 *
 * The photos are squashed to the network's size first, so that differences are those of the models and not of decoders.
 * The Python needs what the exports' `requirements.txt` name. It prints rows of the table in docs/exports.md.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import sharp from 'sharp';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    project: { type: 'string' },
    size: { type: 'string' },
    photos: { type: 'string' },
    python: { type: 'string' },
    most: { type: 'string', default: '1000' },
    format: { type: 'string', multiple: true },
  },
});
const [run] = positionals;
const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'lenslet-exports-'));
const photos = join(folder, 'photos');

const inPython = [
  'onnx',
  'onnx-int8',
  'saved-model',
  'keras',
  'keras-h5',
  'litert',
  'litert-float16',
  'litert-int8',
];
const inNode = ['node', 'container'];
const wanted = values.format ?? [...inPython.filter((id) => id !== 'onnx-int8'), ...inNode];
/** The files of an export that hold the model. */
const modelFiles = /^(model\..+|saved_model\.pb)$/;

async function lines(program: string, words: readonly string[], cwd = root): Promise<object[]> {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '-1' };
  const { stdout } = await promisify(execFile)(program, [...words], { cwd, env, maxBuffer: 2 ** 28 });
  return stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
}

const lenslet = (...words: string[]): Promise<object[]> =>
  lines(process.execPath, [
    join(root, 'src-main/hosts/cli.ts'),
    ...words,
    '--project',
    values.project!,
    '--json',
  ]);

/** Evenly from the whole folder. */
async function drawPhotos(): Promise<void> {
  mkdirSync(photos);
  const all = readdirSync(values.photos!, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(jpe?g|png)$/i.test(name))
    .sort();
  const most = Math.min(all.length, Number(values.most));
  const size = Number(values.size);
  for (let place = 0; place < most; place++) {
    const name = all[Math.floor((place * all.length) / most)];
    const image = sharp(join(values.photos!, name)).rotate().flatten().toColourspace('srgb');
    const file = `${String(place).padStart(5, '0')}-${basename(name, extname(name))}.png`;
    await image.resize(size, size, { fit: 'fill', kernel: 'linear' }).png().toFile(join(photos, file));
  }
}

interface Line {
  readonly image: string;
  readonly label: string;
  readonly probabilities: Record<string, number>;
}

const byName = (found: readonly object[]): Map<string, Line> =>
  new Map((found as Line[]).map((line) => [basename(line.image), line]));

async function compare(format: string, app: ReadonlyMap<string, Line>): Promise<string> {
  const out = join(folder, format);
  const [done] = await lenslet('export', run, '--format', format, '--out', out);
  const { checkedBy } = done as { checkedBy: string };
  if (inNode.includes(format)) symlinkSync(join(root, 'node_modules'), join(out, 'node_modules'), 'dir');
  const [program, script] = inNode.includes(format)
    ? [process.execPath, 'check.mjs']
    : [resolve(values.python!), 'check.py'];
  const found = byName(await lines(program, [script, photos, '--json'], out));
  let [largest, same] = [0, 0];
  for (const [name, { label, probabilities }] of app) {
    const other = found.get(name)!;
    for (const [of, value] of Object.entries(probabilities))
      largest = Math.max(largest, Math.abs(value - other.probabilities[of]));
    same += Number(label === other.label);
  }
  const bytes = readdirSync(out)
    .filter((name) => modelFiles.test(name))
    .reduce((sum, name) => sum + statSync(join(out, name)).size, 0);
  const cells = [`\`${format}\``, checkedBy, script, largest.toExponential(1), `${same} of ${app.size}`];
  return `| ${[...cells, `${(bytes / 1e6).toFixed(1)} MB`].join(' | ')} |`;
}

try {
  await drawPhotos();
  const app = byName(await lenslet('predict', run, photos));
  for (const format of wanted) console.log(await compare(format, app));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
