/** The line to the process that started this one. */
import type { MessagePortLike } from './engine-link.ts';

/** A port to the parent process. It is closed when the parent is gone. */
export function parentPort(): MessagePortLike {
  return {
    on: (event, listener) => {
      if (event === 'message') process.on('message', (data) => listener({ data }));
      else process.once('disconnect', () => listener());
    },
    // The parent may just have gone; then nothing can be reported.
    postMessage: (data) => void (process.connected && process.send?.(data, () => undefined)),
  };
}
