import { describe, expect, it } from 'vitest';
import { BackgroundJob } from '../../../../src-main/core/jobs/background-job.ts';

/** Work that lasts until it is cancelled or let go. */
function work() {
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const run = async (signal: AbortSignal, set: (state: string) => void): Promise<string> => {
    set('running');
    await Promise.race([gate, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
    const end = signal.aborted ? 'cancelled' : 'done';
    set(end);
    return end;
  };
  return { run, letGo };
}

describe('a background job', () => {
  it('runs one piece of work at a time and keeps its last state', async () => {
    const published: string[] = [];
    const job = new BackgroundJob<string>('DATASET_CHECK_RUNNING', (state) => published.push(state));
    expect(job.state).toBeNull();
    const first = work();
    const finished = job.start(first.run);
    expect([job.isRunning, job.state]).toEqual([true, 'running']);
    expect(() => job.start(work().run)).toThrow(expect.objectContaining({ code: 'DATASET_CHECK_RUNNING' }));
    first.letGo();
    expect(await finished).toBe('done');
    expect([job.isRunning, job.state]).toEqual([false, 'done']);
    expect(published).toEqual(['running', 'done']);
    const second = job.start(work().run);
    job.cancel();
    expect(await second).toBe('cancelled');
  });

  it('is cancelled by the signal it was started with, also by one that was aborted before', async () => {
    const job = new BackgroundJob<string>();
    const ending = new AbortController();
    const finished = job.start(work().run, ending.signal);
    ending.abort();
    expect(await finished).toBe('cancelled');
    const idle = async (signal: AbortSignal): Promise<string> => (signal.aborted ? 'cancelled' : 'done');
    expect(await job.start(idle, AbortSignal.abort())).toBe('cancelled');
  });

  it('ends with its project: cancelled, waited for and forgotten', async () => {
    const job = new BackgroundJob<string>();
    const finished = job.start(work().run);
    await job.end();
    expect(await finished).toBe('cancelled');
    expect([job.isRunning, job.state]).toEqual([false, null]);
    await job.idle();
  });
});
