/** Who may talk to the web server: a token to get in, a cookie and a key to stay (ADR 13), and no other site's page. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { keyHeader } from '../../contract/shared/page-keys.ts';

/** Compares two secrets in a time that does not depend on where they differ. */
export function isSameSecret(given: string, secret: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(secret);
  return a.length === b.length && timingSafeEqual(a, b);
}

function cookieValue(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, ...rest] = part.trim().split('=');
    if (key === name) return rest.join('=');
  }
  return null;
}

export interface Access {
  /** The long-lived secret of the printed address. */
  readonly token: string;
  /** A secret for one visit only: for the address handed to a browser, which other users may see in `ps`. */
  issueTicket(): string;
  /** True for the token, and once for a ticket. */
  admits(secret: string): boolean;
  /** The `Set-Cookie` value that lets a browser see the page. Browsers send it to every port of this machine. */
  cookie(): string;
  /** True when the request carries that cookie. */
  isKnown(headers: IncomingHttpHeaders): boolean;
  /** Where an admitted browser goes: the page, with the keys behind `#`, which no request carries. */
  entrance(): string;
  /** True when the request carries the key, as a header or as a WebSocket subprotocol. */
  hasKey(headers: IncomingHttpHeaders): boolean;
  /** The path behind `/~key`, under which the page lies because images can carry no header; null without that key. */
  withoutKey(pathname: string): string | null;
}

const keyedPath = /^\/~([\w-]+)(\/.*)$/s;

/**
 * Fresh secrets for one server: 32 random bytes each.
 * @param port goes into the cookie's name, because browsers share cookies between the ports of a machine
 */
export function createAccess(port: number): Access {
  const token = randomBytes(32).toString('base64url');
  const session = randomBytes(32).toString('base64url');
  const key = randomBytes(32).toString('base64url');
  // Another than the key, because addresses are copied and shown.
  const pictureKey = randomBytes(16).toString('base64url');
  const tickets = new Set<string>();
  const name = `lenslet-${port}`;
  return {
    token,
    issueTicket() {
      const ticket = randomBytes(32).toString('base64url');
      tickets.add(ticket);
      return ticket;
    },
    admits: (secret) => isSameSecret(secret, token) || tickets.delete(secret),
    cookie: () => `${name}=${session}; Path=/; HttpOnly; SameSite=Strict`,
    isKnown: (headers) => isSameSecret(cookieValue(headers.cookie, name) ?? '', session),
    entrance: () => `/#key=${key}.${pictureKey}`,
    hasKey(headers) {
      const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim());
      const given = [headers[keyHeader], ...offered.map((word) => word.replace(/^key\./, ''))];
      return given.some((one) => typeof one === 'string' && isSameSecret(one, key));
    },
    withoutKey(pathname) {
      const [, given, path] = keyedPath.exec(pathname) ?? [];
      return given !== undefined && isSameSecret(given, pictureKey) ? path : null;
    },
  };
}

/**
 * The `Host` a request was sent to, if it is one of ours. Against DNS rebinding: a page of another site can point its
 * own name at this machine, but not an IP address or the names this machine has. The port is not looked at, so that
 * an SSH tunnel works.
 * @param listening the address given with --host
 * @returns host and port, normalised; null for a name of somebody else's or a malformed one
 */
export function trustedHost(headers: IncomingHttpHeaders, listening: string): string | null {
  const url = URL.parse(`http://${headers.host ?? ''}`);
  if (url === null || url.pathname !== '/' || url.search !== '' || url.username !== '') return null;
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const own = ['localhost', hostname().toLowerCase(), listening.toLowerCase()];
  return isIP(name) !== 0 || own.includes(name) ? url.host : null;
}

/**
 * True when the request comes from a page of this very server, which speaks http only. Browsers name the origin in
 * what this guards.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  try {
    const origin = new URL(headers.origin ?? '');
    return origin.protocol === 'http:' && origin.host === headers.host?.toLowerCase();
  } catch {
    return false;
  }
}

/**
 * True when a page of another origin asks, such as one of another port of this machine, which the cookie does not separate
 * from ours. False also for clients that do not name the origin.
 */
export function isForeign(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Which status refuses a WebSocket; null when it may be opened. @param host the address that is listened on */
export function refusal(request: IncomingMessage, host: string, access: Access): number | null {
  if (trustedHost(request.headers, host) === null) return 421;
  if (!access.isKnown(request.headers) || !access.hasKey(request.headers)) return 401;
  if (!isSameOrigin(request.headers)) return 403;
  const path = request.url ?? '';
  return (access.withoutKey(path) ?? path) === '/rpc' ? null : 404;
}
