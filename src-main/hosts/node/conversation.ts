/** Two processes that ask each other things over one channel. */
import type { MessagePortLike } from './engine-link.ts';

/** Who answers the requests of a conversation. */
export type Answerer = 'core' | 'shell';

/**
 * One of the two conversations on a channel, as a port of its own. Messages have to be what JSON can carry: the two
 * processes need not have the same version of V8, which structured clone over a channel of Node asks for.
 */
export function conversation(channel: MessagePortLike, answeredBy: Answerer): MessagePortLike {
  return {
    on(event, listener) {
      if (event === 'close') return channel.on('close', listener);
      channel.on('message', (envelope) => {
        const { answeredBy: whose, message } = envelope?.data as { answeredBy: Answerer; message: unknown };
        if (whose === answeredBy) listener({ data: message });
      });
    },
    postMessage: (message) => channel.postMessage({ answeredBy, message }),
  };
}
