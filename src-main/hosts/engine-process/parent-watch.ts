/** Ends an engine process whose parent is gone, even while its thread is busy and hears nothing of that. */
import { Worker } from 'node:worker_threads';

/** Windows keeps the number of a parent that is gone; elsewhere an orphan gets another parent. */
const program = `
  const parent = process.ppid;
  const isThere = () => {
    if (process.ppid !== parent) return false;
    try { process.kill(parent, 0); return true; } catch (error) { return error.code === 'EPERM'; }
  };
  setInterval(() => { if (!isThere()) process.kill(process.pid, 'SIGKILL'); }, 1000);
`;

/**
 * Watches the parent of a forked process from a separate thread, once a second.
 */
export function watchParent(): void {
  if (process.send === undefined) return;
  const watch = new Worker(program, {
    eval: true,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8 },
  });
  // Without the thread everything else still works.
  watch.on('error', () => undefined);
  watch.unref();
}
