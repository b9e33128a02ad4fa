/**
 * Sorts a folder of generated photos as a user would: `lenslet sort --move`, killed in the middle, continued and undone.
 * Prints photos a second, the most memory of its processes, and whether every photo is back with its content.
 *
 *     node test/bench/sort-folder.ts [--photos 20000] [--folder DIR]
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { createRandom } from '../../src-main/core/random/random.ts';

const { values } = parseArgs({
  options: { photos: { type: 'string', default: '20000' }, folder: { type: 'string' } },
});
const total = Number(values.photos);
const root = values.folder ?? mkdtempSync(join(tmpdir(), 'lenslet-sort-bench-'));
const photos = join(root, 'card');
const project = join(root, 'project');
const out = join(root, 'sorted');
const script = join(import.meta.dirname, '..', '..', 'src-main', 'hosts', 'cli.ts');

/** Draws a disc or stripes, 320×240, with the time of an imaginary camera. */
async function draw(folder: string, index: number): Promise<void> {
  const random = createRandom(index);
  const disc = index % 2 === 0;
  const colour = (): string => `hsl(${random.integer(360)},80%,45%)`;
  const shape = disc
    ? `<circle cx="${100 + random.integer(120)}" cy="${80 + random.integer(80)}" r="${40 + random.integer(40)}" fill="${colour()}"/>`
    : Array.from(
        { length: 8 },
        (_, k) => `<rect x="${k * 40}" width="20" height="240" fill="${colour()}"/>`,
      ).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><rect width="320" height="240" fill="hsl(${random.integer(360)},30%,85%)"/>${shape}</svg>`;
  const time = new Date(Date.UTC(2026, 4, 1) + index * 1000).toISOString().slice(0, 19);
  const taken = time.replace('T', ' ').replaceAll('-', ':');
  await sharp(Buffer.from(svg))
    .withExif({ IFD0: { Make: 'Acme', Model: 'Trail' }, IFD2: { DateTimeOriginal: taken } })
    .jpeg()
    .toFile(join(folder, `${disc ? 'discs' : 'stripes'} ${index}.jpg`));
}

async function drawAll(count: number, folderOf: (index: number) => string): Promise<void> {
  for (let start = 0; start < count; start += 16) {
    const some = Array.from({ length: Math.min(16, count - start) }, (_, k) => start + k);
    await Promise.all(
      some.map((index) => {
        mkdirSync(folderOf(index), { recursive: true });
        return draw(folderOf(index), index);
      }),
    );
  }
}

/** Resident bytes of a process and those that it started. */
function residentBytes(pid: number): number {
  const parents = new Map<number, number[]>();
  const own = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      const field = (key: string): number => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
      own.set(Number(name), field('VmRSS') * 1024);
      parents.set(field('PPid'), [...(parents.get(field('PPid')) ?? []), Number(name)]);
    } catch {
      // It has ended.
    }
  }
  const sum = (one: number): number =>
    (own.get(one) ?? 0) + (parents.get(one) ?? []).reduce((all, child) => all + sum(child), 0);
  return sum(pid);
}

/** Runs a command. @param killAt called often; true kills it */
async function lenslet(words: readonly string[], killAt: () => boolean = () => false) {
  const began = performance.now();
  const child = spawn(process.execPath, [script, ...words, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = '';
  let most = 0;
  const memory: number[] = [];
  child.stdout.on('data', (chunk: Buffer) => (last = (last + chunk.toString()).slice(-4000)));
  const timer = setInterval(() => {
    if (child.pid === undefined) return;
    const now = residentBytes(child.pid);
    most = Math.max(most, now);
    memory.push(now);
    if (killAt()) child.kill('SIGKILL');
  }, 500);
  await new Promise<void>((resolve) => child.once('close', () => resolve()));
  clearInterval(timer);
  const seconds = (performance.now() - began) / 1000;
  const middle = memory[Math.floor(memory.length / 2)] ?? 0;
  const line =
    child.signalCode === null
      ? (JSON.parse(last.trimEnd().split('\n').at(-1) ?? '{}') as Record<string, unknown>)
      : {};
  return { seconds, megabytes: Math.round(most / 1e6), middle: Math.round(middle / 1e6), line };
}

/** Names and contents of all photos in a folder. */
function contents(folder: string): string {
  const hash = createHash('sha256');
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const path of paths) hash.update(path.slice(folder.length)).update(readFileSync(path));
  return `${paths.length} ${hash.digest('hex').slice(0, 12)}`;
}

if (!existsSync(photos)) await drawAll(total, (index) => join(photos, `card ${index % 20}`));
const before = contents(photos);
if (!existsSync(project)) {
  const training = join(root, 'training');
  await drawAll(120, (index) => join(training, index % 2 === 0 ? 'discs' : 'stripes'));
  await lenslet(['import', training, '--project', project]);
}
const trained = await lenslet(['train', '--project', project]);
const run = String(trained.line.run);
console.log(`trained ${run}: test ${JSON.stringify(trained.line.test)}`);
const words = ['sort', run, photos, '--out', out, '--move', '--project', project];

const sorts = join(project, 'sorts');
let log = '';
const written = (): number => {
  if (log === '' && existsSync(sorts)) log = join(sorts, readdirSync(sorts)[0] ?? 'none', 'sort.db');
  return existsSync(log)
    ? statSync(log).size + (existsSync(`${log}-wal`) ? statSync(`${log}-wal`).size : 0)
    : 0;
};
let seen = 0;
let since = Infinity;
const killed = await lenslet(words, () => {
  const now = written();
  if (now > seen && seen > 0 && since === Infinity) since = performance.now();
  seen = now;
  return performance.now() - since > 40_000;
});
console.log(
  `killed after ${killed.seconds.toFixed(0)} s, most memory ${killed.megabytes} MB; photos as before: ${contents(photos) === before}`,
);
const resumed = await lenslet([...words, '--resume']);
console.log(
  `resumed: ${JSON.stringify(resumed.line)}\n${resumed.seconds.toFixed(0)} s, most memory ${resumed.megabytes} MB, in the middle ${resumed.middle} MB; left in the folder: ${contents(photos)}`,
);
const undone = await lenslet(['sort', '--undo', '--out', out, '--project', project]);
console.log(
  `undone: ${JSON.stringify(undone.line)}\n${undone.seconds.toFixed(0)} s, most memory ${undone.megabytes} MB; photos as before: ${contents(photos) === before}`,
);
if (values.folder === undefined) rmSync(root, { recursive: true, force: true });
