/** The address the desktop window lives at: our own scheme, so that the page is neither a file nor a website. */

export const scheme = 'lenslet';
export const origin = `${scheme}://app`;
export const startPage = `${origin}/`;

/** True for addresses of our own page and of what it shows. */
export function isOwnAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${scheme}:` && url.host === 'app';
}
