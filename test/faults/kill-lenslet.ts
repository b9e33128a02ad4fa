/** Killing a command at some moment of its life. */
import { hasEnded } from './left-over.ts';
import { type Running, startLenslet } from '../fixtures/command-line.ts';

/** What a killed command had printed, and whether it was killed at all. */
export interface Killed {
  readonly stdout: string;
  readonly stderr: string;
  readonly killed: boolean;
  /** What it had started and what outlived it, such as an engine. */
  readonly survivors: readonly string[];
}

/** Starts a command and ends it with SIGKILL after so many milliseconds, if it still runs then. */
export async function killLenslet(home: string, words: readonly string[], after: number): Promise<Killed> {
  const running: Running = startLenslet(home, words);
  const timer = setTimeout(() => running.child.kill('SIGKILL'), after);
  const { stdout, stderr, code } = await running.finished;
  clearTimeout(timer);
  return { stdout, stderr, killed: code === null, survivors: await survivorsOf(running.child.pid!) };
}

/** Commands are started in a process group of their own: what is in it has been started by the command. */
async function survivorsOf(pid: number): Promise<string[]> {
  if (process.platform === 'win32' || (await hasEnded(-pid))) return [];
  return [`processes of the group ${pid}`];
}

/** The whole lines of JSON among what was printed; a line that was cut off is no line. */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .slice(0, stdout.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
