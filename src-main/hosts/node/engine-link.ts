/** The transport between main and the engine process: oRPC over anything that posts messages. */
import type { ClientLink } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';

/** The little of a message port that oRPC's adapters need. `close` reports that the other side is gone. */
export interface MessagePortLike {
  on(event: 'message' | 'close', listener: (event?: { data: unknown }) => void): void;
  postMessage(data: unknown): void;
}

/** Carries requests over a port. */
export function engineLink(port: MessagePortLike): ClientLink<Record<never, never>> {
  return new RPCLink({ port: port as ConstructorParameters<typeof RPCLink>[0]['port'] });
}
