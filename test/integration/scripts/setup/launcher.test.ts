/** `npm run -s lenslet`: the launcher in front of the command line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const launcher = join(import.meta.dirname, '..', '..', '..', '..', 'scripts', 'lenslet.mjs');
let home: string;
beforeAll(() => void (home = mkdtempSync(join(tmpdir(), 'lenslet-launcher-'))));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function start(...args: string[]) {
  return spawn(process.execPath, [launcher, ...args], {
    cwd: home,
    env: { ...process.env, LENSLET_HOME: home },
  });
}

async function run(...args: string[]) {
  const child = start(...args);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => void (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

test('passes output and exit code through and is silent when there is nothing to set up', async () => {
  const { code, stdout, stderr } = await run('--version');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('a usage error is 2, and only its message is on stderr', async () => {
  const { code, stdout, stderr } = await run('no-such-command');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a signal ends the program behind it, not only the launcher', async () => {
  const child = start('serve', '--no-open', '--port', '0');
  const closed = once(child, 'close');
  try {
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    const url = first.toString().trim();
    expect((await fetch(url, { redirect: 'manual' })).status).toBeLessThan(400);
    child.kill('SIGTERM');
    await closed;
    await expect(fetch(url, { redirect: 'manual' })).rejects.toThrow();
  } finally {
    child.kill('SIGTERM');
  }
});
