/** Remembers what model files hold, so that starting Lenslet does not mean opening them all again. */
import { existsSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';
import { RecognitionStopped, examineFile } from './examine-file.ts';
import {
  type RecognisedFile,
  fromPlain,
  plainRecognisedSchema,
  toPlain,
  unusableFile,
} from './recognised-file.ts';

const entrySchema = z.object({
  /** Size and date of the file, and date of its folder. */
  version: z.string(),
  answer: plainRecognisedSchema,
});
type Entry = z.infer<typeof entrySchema>;
/** To be counted up when more kinds of files can be read than before: failures are remembered too. */
const format = 2;
const memorySchema = z.object({
  format: z.literal(format),
  files: z.record(z.string(), entrySchema),
});

/** Paths that are remembered at most: those of folders that are long gone make room. */
const maxPaths = 5000;

/** What may be put right without a change of the file. */
const passing = new Set(['MODEL_SHARD_MISSING', 'PATH_OUTSIDE', 'FILE_UNREADABLE', 'INTERNAL_BUG']);

/** What files hold, by path, as long as they stay the same. */
export class RecognitionMemory {
  readonly #path: string;
  readonly #entries: Map<string, Entry>;
  /** Files that were too much for the limits, which is remembered until Lenslet ends. */
  readonly #stopped = new Map<string, { readonly version: string; readonly answer: RecognisedFile }>();
  readonly #running = new Map<string, Promise<RecognisedFile | null>>();
  #changed = false;

  /** @param settingsFolder where it is kept */
  constructor(settingsFolder: string) {
    this.#path = join(settingsFolder, 'recognised-models.json');
    this.#entries = new Map(Object.entries(read(this.#path)));
  }

  /** What a file holds, or why it cannot be used; null when it is not there. Fails for no file. */
  async recognise(path: string): Promise<RecognisedFile | null> {
    const found = await versionOf(path);
    if (found === null) return null;
    const { version, bytes } = found;
    const known = this.#entries.get(path);
    if (known?.version === version) return fromPlain(known.answer);
    const stopped = this.#stopped.get(path);
    if (stopped?.version === version) return stopped.answer;
    const running = this.#running.get(path) ?? this.#examine(path, version, bytes);
    this.#running.set(path, running);
    return running.finally(() => this.#running.delete(path));
  }

  async #examine(path: string, version: string, bytes: number): Promise<RecognisedFile | null> {
    try {
      const answer = await examineFile(path);
      this.#remember(path, version, answer);
      return answer;
    } catch (error) {
      const problem = AppError.from(error);
      if (problem.code === 'MODEL_NOT_FOUND') return null;
      const answer = unusableFile(bytes, problem);
      if (problem instanceof RecognitionStopped) this.#stopped.set(path, { version, answer });
      else this.#remember(path, version, answer);
      return answer;
    }
  }

  #remember(path: string, version: string, answer: RecognisedFile): void {
    if (answer.problem !== null && passing.has(answer.problem.code)) return;
    this.#entries.delete(path);
    this.#entries.set(path, { version, answer: toPlain(answer) });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= maxPaths) break;
      this.#entries.delete(oldest);
    }
    this.#changed = true;
  }

  /** Writes down what is new. A folder that cannot be written costs time, nothing else. */
  async save(): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    const content = JSON.stringify({ format, files: Object.fromEntries(this.#entries) });
    await writeFileAtomically(this.#path, content).catch(() => undefined);
  }
}

function read(path: string): Record<string, Entry> {
  if (!existsSync(path)) return {};
  try {
    return memorySchema.parse(JSON.parse(readFileSync(path, 'utf8'))).files;
  } catch {
    // Damaged or of another version: everything is looked at anew.
    return {};
  }
}

async function versionOf(path: string): Promise<{ version: string; bytes: number } | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  // A folder's date changes when files beside a model.json come or go.
  const folder = await stat(dirname(path)).catch(() => null);
  return { version: `${found.size}/${found.mtimeMs}/${folder?.mtimeMs ?? 0}`, bytes: found.size };
}
