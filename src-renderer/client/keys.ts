/**
 * The keys of a page of the web host (ADR 13). The cookie goes to every port of the machine; the keys only to this
 * origin's pages, from the address that Lenslet printed.
 */
import { keyHeader, socketProtocol } from '../../src-main/contract/shared/page-keys.ts';

const place = 'lenslet-keys';
const form = /^([\w-]{43})\.([\w-]{22})$/;
/** For browsers that keep nothing: good until the page is reloaded. */
let inMemory: string | null = null;

function kept(): string | null {
  try {
    return localStorage.getItem(place) ?? inMemory;
  } catch {
    return inMemory;
  }
}

function keep(keys: string): void {
  inMemory = keys;
  try {
    // Not sessionStorage: a second tab, or a bookmark, has to get in as the first one does.
    localStorage.setItem(place, keys);
  } catch {
    // Storage that is full or forbidden.
  }
}

/**
 * The page's key, or null. Puts the page's address below the key of pictures, where all relative addresses of pictures
 * begin: images can carry no header.
 */
function presentKey(): string | null {
  const [, key, pictureKey] = form.exec(kept() ?? '') ?? [];
  if (key === undefined) return null;
  const path = `/~${pictureKey}/`;
  if (location.pathname !== path) history.replaceState(history.state, '', path + location.hash);
  return key;
}

/** Takes the keys out of the address, where Lenslet puts them once. Called before the router reads the address. */
export function takeKeys(): void {
  const given = location.hash.replace(/^#key=/, '');
  if (form.test(given)) {
    keep(given);
    history.replaceState(null, '', location.pathname);
  }
  presentKey();
}

/** What requests carry that change something. */
export function keyHeaders(): Record<string, string> {
  const key = presentKey();
  return key === null ? {} : { [keyHeader]: key };
}

/** What the WebSocket offers. */
export function socketProtocols(): string[] {
  const key = presentKey();
  return key === null ? [socketProtocol] : [socketProtocol, `key.${key}`];
}
