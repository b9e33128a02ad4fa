/** The names that a photo may have, from how a list names it. */
import type { LabelRow } from './label-row.ts';

/**
 * A path with forward slashes, without the server of an address. Label Studio puts eight hexadecimal digits before the
 * names of uploaded files, and paths of this machine behind `?d=`.
 * @param encoded it is an address, even if it does not begin as one
 */
export function namesOfAddress(
  address: string,
  encoded = /^[a-z][a-z0-9+]+:\/\//i.test(address),
): Pick<LabelRow, 'path' | 'alternatives'> {
  const path = (encoded ? pathOfAddress(address) : address).replaceAll('\\', '/');
  const name = path.slice(path.lastIndexOf('/') + 1);
  const original = name.replace(/^[0-9a-f]{8}-/, '');
  return { path, alternatives: original === name ? [] : [original] };
}

function pathOfAddress(address: string): string {
  const local = /[?&]d=([^&]+)/.exec(address)?.[1];
  return decode(local ?? address.replace(/^[a-z0-9+]+:\/\/[^/]*\//i, '').replace(/[?#].*$/, ''));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
