/** The line to the process that started this one, whichever way it did. */
import type { MessagePortLike } from '../node/engine-link.ts';

/** `process.parentPort` of an Electron utility process. */
interface UtilityParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(data: unknown): void;
}

/** A port to the parent process. It is closed when the parent is gone. */
export function parentPort(): MessagePortLike {
  const utility = (process as unknown as { parentPort?: UtilityParentPort }).parentPort;
  if (utility !== undefined) {
    return {
      on: (event, listener) => {
        if (event === 'message') utility.on('message', listener);
        else utility.on('close', () => listener());
      },
      postMessage: (data) => utility.postMessage(data),
    };
  }
  return {
    on: (event, listener) => {
      if (event === 'message') process.on('message', (data) => listener({ data }));
      else process.once('disconnect', () => listener());
    },
    // The parent may just have gone; then nothing can be reported.
    postMessage: (data) => void (process.connected && process.send?.(data, () => undefined)),
  };
}
