/** The part of heic-decode (which ships no types) that Lenslet uses. */
declare module 'heic-decode' {
  /** Decodes the primary picture, upright, as RGBA. */
  export default function decode(input: { buffer: Uint8Array }): Promise<{
    width: number;
    height: number;
    data: Uint8ClampedArray<ArrayBuffer>;
  }>;
}
