/** Killing a command at some moment of its life. */
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive } from './left-over.ts';
import { type Running, startLenslet } from '../fixtures/command-line.ts';

/** What a killed command had printed, and whether it was killed at all. */
export interface Killed {
  readonly stdout: string;
  readonly stderr: string;
  readonly killed: boolean;
  /** What it had started and what outlived it, such as an engine. */
  readonly survivors: readonly string[];
}

/** Milliseconds that processes get to notice that the one that started them is gone. */
const patience = 20_000;

/** Starts a command and ends it with SIGKILL after so many milliseconds, if it still runs then. */
export async function killLenslet(home: string, words: readonly string[], after: number): Promise<Killed> {
  const running: Running = startLenslet(home, words);
  const timer = setTimeout(() => running.child.kill('SIGKILL'), after);
  const { stdout, stderr, code } = await running.finished;
  clearTimeout(timer);
  return { stdout, stderr, killed: code === null, survivors: await survivorsOf(running.child.pid!) };
}

/** Commands are started in a process group of their own: true while any process of it is there. */
function groupIsAlive(pid: number): boolean {
  return process.platform !== 'win32' && isAlive(-pid);
}

async function survivorsOf(pid: number): Promise<string[]> {
  const deadline = performance.now() + patience;
  while (groupIsAlive(pid) && performance.now() < deadline) await wait(50);
  return groupIsAlive(pid) ? [`processes of the group ${pid}`] : [];
}

/** The whole lines of JSON among what was printed; a line that was cut off is no line. */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .slice(0, stdout.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
