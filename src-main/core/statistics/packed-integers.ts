/** Lists of whole numbers as text, for messages: base64 of int32, little-endian. */

/** Characters made by one call; more would be too many arguments. */
const chunk = 8192;

/** Packs whole numbers of 32 bits. */
export function packIntegers(values: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (let i = 0; i < values.length; i++) view.setInt32(4 * i, values[i], true);
  const parts: string[] = [];
  for (let start = 0; start < view.byteLength; start += chunk) {
    const bytes = new Uint8Array(view.buffer, start, Math.min(chunk, view.byteLength - start));
    parts.push(String.fromCharCode(...bytes));
  }
  return btoa(parts.join(''));
}

/** Unpacks what `packIntegers` made. */
export function unpackIntegers(text: string): Int32Array {
  const bytes = atob(text);
  const view = new DataView(new ArrayBuffer(bytes.length));
  for (let i = 0; i < bytes.length; i++) view.setUint8(i, bytes.charCodeAt(i));
  return Int32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getInt32(4 * i, true));
}
