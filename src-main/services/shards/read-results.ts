/** Reads results line by line: what cannot be used is counted, not believed. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { AppError } from '../../contract/shared/errors.ts';
import { type ResultLine, resultLineSchema } from '../../contract/shared/shards.ts';
import { joinInside } from '../../core/files/join-inside.ts';

/** Longer lines are damaged: no network says so much of a photo. */
const longestLine = 8 * 2 ** 20;

/** The files of results at a path: itself, or those named `results*.jsonl` in a folder. @throws AppError SHARD_RESULTS_MISSING */
export async function resultFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() === true) return [path];
  const names = found?.isDirectory() === true ? await readdir(path) : [];
  const files = names.filter(isResultName).sort();
  if (files.length === 0) throw new AppError('SHARD_RESULTS_MISSING', { path });
  return files.map((name) => joinInside(path, name));
}

/** Whether a file of this name holds results. */
export function isResultName(name: string): boolean {
  return /^results[^/\\]*\.jsonl$/.test(name);
}

/** The lines of files; null for one that is damaged. Empty lines are left out. */
export async function* readResults(files: readonly string[]): AsyncGenerator<ResultLine | null> {
  for (const file of files)
    for await (const line of linesOf(file)) yield line === null ? null : parseResult(line);
}

/** A line as a result; null where it is not one. */
export function parseResult(line: string): ResultLine | null {
  try {
    return resultLineSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** Lines of a file, without holding more than one; null for one that is too long. */
async function* linesOf(path: string): AsyncGenerator<string | null> {
  let parts: Buffer[] = [];
  let held = 0;
  const take = (): string | null => {
    const line = held > longestLine ? null : Buffer.concat(parts).toString('utf8').trim();
    parts = [];
    held = 0;
    return line;
  };
  const keep = (part: Buffer): void => {
    held += part.byteLength;
    if (held <= longestLine) parts.push(part);
    else parts = [];
  };
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        keep(chunk.subarray(from, end));
        from = end + 1;
        const line = take();
        if (line !== '') yield line;
      }
      keep(chunk.subarray(from));
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new AppError('FILE_UNREADABLE', { path, reason }, { cause: error });
  }
  const last = take();
  if (last !== '') yield last;
}
