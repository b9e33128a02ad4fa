/** Where the engine keeps checkpoints and models: a folder, however the host provides it. */
export interface Storage {
  /** The whole content of a file, or null when there is none. */
  read(name: string): Promise<Uint8Array | null>;
  /** A text that changes when a file does, had without reading it; null when there is none. */
  stamp?(name: string): Promise<string | null>;
  /** Writes a file so that after a crash there is either the old content or the new, never a part. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Names of the files in a folder; empty when it does not exist. */
  list(folder: string): Promise<string[]>;
  /** Removes a file; nothing happens when there is none. */
  remove(name: string): Promise<void>;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Reads a JSON file, or null when there is none. @throws SyntaxError when it is not JSON */
export async function readJson(storage: Storage, name: string): Promise<unknown> {
  const bytes = await storage.read(name);
  return bytes === null ? null : (JSON.parse(decoder.decode(bytes)) as unknown);
}

/** Writes a value as JSON. */
export async function writeJson(storage: Storage, name: string, value: unknown): Promise<void> {
  await storage.write(name, encoder.encode(JSON.stringify(value)));
}

/** Joins arrays of bytes. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
