/** Hashes of contents, by which caches know them again. */

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
}

/**
 * SHA-256 over parts: each is hashed by itself, then their hashes in order, so that large parts need not be joined.
 * @returns 64 hexadecimal digits
 */
export async function hashOfParts(parts: readonly Uint8Array[]): Promise<string> {
  const hashes = new Uint8Array(parts.length * 32);
  for (const [index, part] of parts.entries()) hashes.set(await sha256(part), index * 32);
  return toHex(await sha256(hashes));
}

/** The bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
