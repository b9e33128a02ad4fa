import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isStale, withLock } from '../../../../scripts/setup/lock.mjs';

const lockModule = new URL('../../../../scripts/setup/lock.mjs', import.meta.url).href;
let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-lock-'));
  lock = join(folder, 'locks', 'one');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process of its own that holds the lock while it runs `body`. */
function holder(body: string): ChildProcess {
  const source = `
    import { withLock } from ${JSON.stringify(lockModule)};
    import { readFileSync, writeFileSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    await withLock(${JSON.stringify(lock)}, async () => { ${body} });
  `;
  return spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

/** A process that has certainly ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await exitCode(child);
  return child.pid!;
}

test('processes that want it at the same time take turns', async () => {
  const counter = join(folder, 'counter');
  writeFileSync(counter, '0');
  // Reading, waiting and writing loses counts unless nobody else is between the two.
  const file = JSON.stringify(counter);
  const body = `const n = Number(readFileSync(${file})); await sleep(40); writeFileSync(${file}, String(n + 1));`;
  const codes = await Promise.all(Array.from({ length: 5 }, () => exitCode(holder(body))));
  expect(codes).toEqual([0, 0, 0, 0, 0]);
  expect(readFileSync(counter, 'utf8')).toBe('5');
  expect(readdirSync(join(folder, 'locks'))).toEqual([]);
});

test('a holder that was killed is not waited for', async () => {
  const child = holder(`console.log('held'); await sleep(60_000);`);
  await once(child.stdout!, 'data');
  const ended = exitCode(child);
  child.kill('SIGKILL');
  await ended;
  expect(existsSync(lock)).toBe(true);
  const started = performance.now();
  expect(await withLock(lock, async () => 'mine')).toBe('mine');
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('a live holder is waited for, and named', async () => {
  const child = holder(`console.log('held'); await sleep(700);`);
  const ended = exitCode(child);
  await once(child.stdout!, 'data');
  const waited: number[] = [];
  await withLock(
    lock,
    async () => undefined,
    (pid) => waited.push(pid),
  );
  expect(waited).toEqual([child.pid]);
  expect(await ended).toBe(0);
});

test('it is freed when the work fails', async () => {
  const failing = withLock(lock, () => Promise.reject(new Error('no space')));
  await expect(failing).rejects.toThrow('no space');
  expect(existsSync(lock)).toBe(false);
});

test('another machine’s holder counts as gone after a minute without a sign of life', async () => {
  mkdirSync(lock, { recursive: true });
  writeFileSync(
    join(lock, 'owner.json'),
    JSON.stringify({ pid: await deadPid(), host: `not-${hostname()}` }),
  );
  expect(isStale(lock)).toBe(false);
  const before = new Date(Date.now() - 61_000);
  utimesSync(lock, before, before);
  expect(isStale(lock)).toBe(true);
});
