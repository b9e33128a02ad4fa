/** Listens to a WebSocket of another program: services know no transport. */
import { WebSocket } from 'ws';
import type { FollowSocket } from '../../services/clusters/ray-client.ts';

/** Messages are pieces of logs; a larger one is not. */
const largest = 64 * 2 ** 20;

/** @returns when the other side closes the connection, or at the signal; never throws */
export const followSocket: FollowSocket = (url, headers, onText, signal) => {
  // Compressed, Ray's dashboard (2.60) closes the connection at the first message.
  const socket = new WebSocket(url, { headers, maxPayload: largest, perMessageDeflate: false });
  const end = (): void => socket.terminate();
  signal.addEventListener('abort', end, { once: true });
  return new Promise((resolve) => {
    socket.on('message', (data: Buffer) => onText(data.toString('utf8')));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      signal.removeEventListener('abort', end);
      resolve();
    });
  });
};
