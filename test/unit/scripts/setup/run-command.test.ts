import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findProgram } from '../../../../scripts/setup/find-program.mjs';
import { lastLines, runCommand } from '../../../../scripts/setup/run-command.mjs';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'lenslet-run-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const node = process.execPath;

test('tells the exit code and what was said', async () => {
  const result = await runCommand(node, ['-e', 'console.log("out"); console.error("err"); process.exit(3)']);
  expect(result).toMatchObject({ code: 3, stopped: null });
  expect(result.output).toContain('out');
  expect(lastLines(result.output, 2).split(' / ').sort()).toEqual(['err', 'out']);
});

test('a program that is not there has code 127', async () => {
  expect((await runCommand('lenslet-has-no-such-program', [])).code).toBe(127);
});

test('ends a program that takes too long, with what it started', async () => {
  const mark = join(folder, 'mark');
  const grandchild = `setTimeout(() => require('fs').writeFileSync(${JSON.stringify(mark)}, ''), 2500)`;
  const child = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}]); setInterval(() => {}, 1000)`;
  const result = await runCommand(node, ['-e', child], { limitSeconds: 1 });
  expect(result.stopped).toBe('limit');
  await sleep(2500);
  expect(existsSync(mark)).toBe(false);
});

test('ends a download that has stopped growing, not one that grows', async () => {
  const stall = { folder, seconds: 1.2 };
  const idle = await runCommand(node, ['-e', 'setInterval(() => {}, 1000)'], { stall });
  expect(idle.stopped).toBe('stall');
  const file = JSON.stringify(join(folder, 'part'));
  const grow = `let n = 0; const t = setInterval(() => { require('fs').appendFileSync(${file}, 'x'); if (++n === 8) clearInterval(t) }, 300)`;
  const sizes: number[] = [];
  const busy = await runCommand(node, ['-e', grow], { stall, onBytes: (bytes) => sizes.push(bytes) });
  expect(busy).toMatchObject({ code: 0, stopped: null });
  expect(Math.max(...sizes)).toBeGreaterThan(1);
});

test('finds the first program that is there', () => {
  expect(findProgram([undefined, '', 'lenslet-has-no-such-program', node])).toBe(node);
  expect(findProgram(['node'], { PATH: folder })).toBeNull();
});
