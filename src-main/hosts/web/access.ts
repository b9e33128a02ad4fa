/** Who may talk to the web server: a token to get in, a cookie to stay, and no other site's page. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Compares two secrets in a time that does not depend on where they differ. */
function sameSecret(given: string, secret: string): boolean {
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
  /** The `Set-Cookie` value that lets a browser stay. */
  cookie(): string;
  /** True when the request carries that cookie. */
  isKnown(headers: IncomingHttpHeaders): boolean;
}

/**
 * Fresh secrets for one server: 32 random bytes each.
 * @param port goes into the cookie's name, because browsers share cookies between the ports of a machine
 */
export function createAccess(port: number): Access {
  const token = randomBytes(32).toString('base64url');
  const session = randomBytes(32).toString('base64url');
  const tickets = new Set<string>();
  const name = `lenslet-${port}`;
  return {
    token,
    issueTicket() {
      const ticket = randomBytes(32).toString('base64url');
      tickets.add(ticket);
      return ticket;
    },
    admits: (secret) => sameSecret(secret, token) || tickets.delete(secret),
    cookie: () => `${name}=${session}; Path=/; HttpOnly; SameSite=Strict`,
    isKnown: (headers) => sameSecret(cookieValue(headers.cookie, name) ?? '', session),
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
