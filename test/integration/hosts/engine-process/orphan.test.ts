import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const forkFile = pathToFileURL(
  join(import.meta.dirname, '../../../../src-main/hosts/node/engine-fork.ts'),
).href;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (!isRunning(pid)) return true;
    await wait(50);
  }
  return false;
}

/** Starts a program that starts an engine. @param preload what the engine's thread does besides its work */
async function startEngine(preload: string): Promise<{ parent: ChildProcess; engine: number }> {
  const options = `--import data:text/javascript,${encodeURIComponent(preload)}`;
  const program = `
    const { forkEngine } = await import(${JSON.stringify(forkFile)});
    const child = forkEngine({ NODE_OPTIONS: ${JSON.stringify(options)} });
    await child.link.call(['describe'], undefined, { context: {} });
    console.log(child.pid);
    setInterval(() => undefined, 1000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
  return { parent, engine: Number(printed.toString()) };
}

it('the engine process ends when the one that started it is killed', async () => {
  const { parent, engine } = await startEngine('');
  expect(isRunning(engine)).toBe(true);
  // Ctrl-C in a terminal reaches the engine too; its parent decides what that means.
  process.kill(engine, 'SIGINT');
  await wait(300);
  expect(isRunning(engine)).toBe(true);
  parent.kill('SIGKILL');
  expect(await untilGone(engine)).toBe(true);
});

it('ends even when its thread is stuck', async () => {
  // SIGUSR2 puts the thread into a loop that it never leaves.
  const stuck = `
    import { isMainThread } from 'node:worker_threads';
    if (isMainThread) process.on('SIGUSR2', () => { for (;;); });
  `;
  const { parent, engine } = await startEngine(stuck);
  process.kill(engine, 'SIGUSR2');
  await wait(300);
  parent.kill('SIGKILL');
  const gone = await untilGone(engine);
  if (!gone) process.kill(engine, 'SIGKILL');
  expect(gone).toBe(true);
});
