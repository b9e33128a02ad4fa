import { describe, expect, it } from 'vitest';
import { EngineDied, diedOfMemory, explainExit } from '../../../../src-main/services/base/engine-exit.ts';

describe('why the engine ended', () => {
  it('is said in words, with its last ones', () => {
    const stderr = 'some warning\nFatal: illegal thing happened\n    at foo (bar.js)\n';
    const error = explainExit({ code: null, signal: 'SIGSEGV', stderr });
    expect(error.code).toBe('BACKEND_CRASHED');
    expect(error.message).toContain(
      'read memory that is not its own (SIGSEGV): Fatal: illegal thing happened',
    );
    expect(explainExit({ code: 1, signal: null, stderr: '' }).message).toContain('exit code 1');
  });

  it('of memory is told apart from being killed', () => {
    const abort = { code: null, signal: 'SIGABRT', stderr: 'what():  std::bad_alloc\n' };
    expect(diedOfMemory(abort, null)).toBe(true);
    expect(diedOfMemory({ code: null, signal: 'SIGKILL', stderr: '' }, null)).toBe(false);
    // The machine has counted kills for memory since.
    expect(diedOfMemory({ code: null, signal: 'SIGKILL', stderr: '' }, -1)).toBe(
      process.platform === 'linux',
    );
  });

  it('names a batch size where a batch was to blame', () => {
    const died = new EngineDied({ code: null, signal: 'SIGKILL', stderr: '' }, true);
    expect(died.toAppError({ batchSize: 64, suggestedBatchSize: 16 })).toMatchObject({
      code: 'BACKEND_OUT_OF_MEMORY',
      remedy: 'Use a batch size of 16 or smaller images.',
    });
    expect(died.toAppError().message).toContain('ran out of memory');
  });

  it('takes a crash for want of memory only where memory was scarce', () => {
    const sizes = { batchSize: 64, suggestedBatchSize: 16 };
    const died = (signal: NodeJS.Signals) => new EngineDied({ code: null, signal, stderr: '' }, false);
    expect(died('SIGSEGV').toAppError(sizes, true).code).toBe('BACKEND_OUT_OF_MEMORY');
    expect(died('SIGSEGV').toAppError(sizes, false).code).toBe('BACKEND_CRASHED');
    expect(died('SIGKILL').toAppError(sizes, true).code).toBe('BACKEND_CRASHED');
  });
});
