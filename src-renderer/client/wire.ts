/** The wire to the services: one WebSocket in the browser, one message port in Electron; made again when it breaks. */
import type { ClientContext, ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { keyHeaders, socketProtocols } from './keys.ts';
import { requestHeaders } from './meant-project.ts';

/** `refused`: the server does not know this browser, or it has no key, as after a restart with a new token. */
export type WireState = 'connecting' | 'open' | 'lost' | 'refused';
export type Link = ClientLink<ClientContext>;

/** One attempt to connect. Each callback comes at most once; `closed` also when it never opened. */
export interface WireEvents {
  opened(link: Link): void;
  closed(wasOpen: boolean): void;
}
export type Dial = (events: WireEvents) => void;

/** Opens the WebSocket at the page's own address. */
export const dialSocket: Dial = (events) => {
  const protocols = socketProtocols();
  const address = new URL('rpc', location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  address.hash = '';
  address.search = '';
  const socket = new WebSocket(address, protocols);
  let wasOpen = false;
  socket.addEventListener('open', () => {
    wasOpen = true;
    events.opened(new SocketLink({ websocket: socket, headers: requestHeaders }));
  });
  socket.addEventListener('close', () => events.closed(wasOpen));
};

/** Waits for the port that Electron's preload hands over, and asks for it in case it came before this script. */
export const dialPort: Dial = (events) => {
  let port: MessagePort | null = null;
  const close = (): void => {
    window.removeEventListener('message', receive);
    if (port === null) return;
    port = null;
    events.closed(true);
  };
  const receive = (event: MessageEvent<unknown>): void => {
    if (event.source !== window) return;
    // Electron's main process reports the end besides: whoever waits on the port has to hear of it in any case.
    if (event.data === 'lenslet:port-closed') port?.dispatchEvent(new Event('close'));
    if (event.data !== 'lenslet:port' || port !== null) return;
    port = event.ports[0];
    port.addEventListener('close', close);
    port.start();
    events.opened(new PortLink({ port, headers: requestHeaders }));
  };
  window.addEventListener('message', receive);
  window.postMessage('lenslet:want-port', location.origin === 'null' ? '*' : location.origin);
};

/** True when the server answers but turns this browser away. */
async function isRefused(): Promise<boolean> {
  try {
    const answer = await fetch('rpc', { method: 'HEAD', cache: 'no-store', headers: keyHeaders() });
    return answer.status === 401 || answer.status === 403;
  } catch {
    return false;
  }
}

const firstDelay = 250;
const longestDelay = 4000;

/** Keeps one link open: dials again with growing pauses for as long as the page lives. */
export class Wire {
  #link: Link | null = null;
  #state: WireState = 'connecting';
  #attempt = 0;
  #isStarted = false;
  readonly #dial: Dial;
  readonly #listeners = new Set<(state: WireState) => void>();

  constructor(dial: Dial) {
    this.#dial = dial;
  }

  /** Dials for the first time, when the first call wants the link. */
  #start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#connect();
    // A laptop that wakes up, or a cable plugged in, need not wait for the pause to end.
    window.addEventListener('online', () => this.retryNow());
  }

  get state(): WireState {
    return this.#state;
  }

  /** The open link, or null. */
  get link(): Link | null {
    return this.#link;
  }

  /** Calls back on every change of state. Returns the way to stop it. */
  onChange(listener: (state: WireState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Dials at once, if nothing is open and nothing is being dialled. */
  retryNow(): void {
    if (this.#state === 'lost' || this.#state === 'refused') this.#connect();
  }

  /** The open link, as soon as there is one; null when there is none after `patience` milliseconds. */
  async ready(patience: number): Promise<Link | null> {
    this.#start();
    if (this.#link !== null) return this.#link;
    return new Promise((resolve) => {
      const stop = this.onChange(() => {
        if (this.#link !== null) finish();
      });
      const timer = setTimeout(() => finish(), patience);
      const finish = (): void => {
        clearTimeout(timer);
        stop();
        resolve(this.#link);
      };
    });
  }

  #connect(): void {
    this.#set('connecting', null);
    this.#dial({
      opened: (link) => {
        this.#attempt = 0;
        this.#set('open', link);
      },
      closed: (wasOpen) => void this.#closed(wasOpen),
    });
  }

  async #closed(wasOpen: boolean): Promise<void> {
    this.#set('lost', null);
    if (!wasOpen && (await isRefused())) this.#set('refused', null);
    const pause = Math.min(longestDelay, firstDelay * 2 ** this.#attempt++);
    setTimeout(() => this.retryNow(), pause);
  }

  #set(state: WireState, link: Link | null): void {
    this.#link = link;
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}
