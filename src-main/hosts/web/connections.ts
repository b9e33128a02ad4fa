/** Every TCP connection of the server, upgraded ones included: how many strangers there may be, and the end of all. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Connections {
  /** Counts the connection of a request or an upgrade as one of a browser that showed the cookie. */
  admit(socket: Duplex): void;
  /** Ends the connections of strangers. */
  dropStrangers(): void;
  /** Ends every connection, whatever is under way. */
  dropAll(): void;
}

/**
 * Keeps account of a server's connections. Strangers never keep the user out: when there are too many, the oldest is
 * ended, and whoever has the cookie or the token shows it at once.
 * @param strangers how many connections there may be whose browser is not known yet
 */
export function trackConnections(server: Server, strangers: number): Connections {
  const all = new Set<Duplex>();
  // In the order in which they came.
  const unknown = new Set<Duplex>();
  server.on('connection', (socket: Socket) => {
    all.add(socket);
    unknown.add(socket);
    socket.once('close', () => {
      all.delete(socket);
      unknown.delete(socket);
    });
    const [oldest] = unknown;
    if (unknown.size > strangers) oldest.destroy();
  });
  const drop = (sockets: Iterable<Duplex>): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    admit: (socket) => void unknown.delete(socket),
    dropStrangers: () => drop(unknown),
    dropAll: () => drop(all),
  };
}
