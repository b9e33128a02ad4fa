/** Remembers what model files hold, so that starting Lenslet does not mean opening them all again. */
import { existsSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { knownBackbone } from '../../backbones/index.ts';
import { writeFileAtomically } from '../../project/folder-storage.ts';
import { type RecognisedFile, recogniseFile } from './recognise-file.ts';

const entrySchema = z.object({
  /** Size and date of the file, and date of its folder. */
  version: z.string(),
  /** Null: no model file. */
  answer: z
    .object({
      backbone: z.string().nullable(),
      name: z.string(),
      alpha: z.number(),
      imageSize: z.number().nullable(),
      bytes: z.number(),
    })
    .nullable(),
});
type Entry = z.infer<typeof entrySchema>;
const memorySchema = z.object({ format: z.literal(1), files: z.record(z.string(), entrySchema) });

/** Paths that are remembered at most: those of folders that are long gone make room. */
const most = 500;

/** What files hold, by path, as long as they stay the same. */
export class RecognitionMemory {
  readonly #path: string;
  readonly #entries: Map<string, Entry>;
  #changed = false;

  /** @param settingsFolder where it is kept */
  constructor(settingsFolder: string) {
    this.#path = join(settingsFolder, 'recognised-models.json');
    this.#entries = new Map(Object.entries(read(this.#path)));
  }

  /** What a file holds; null when it is no model file. */
  async recognise(path: string): Promise<RecognisedFile | null> {
    const version = await versionOf(path);
    if (version === null) return null;
    const known = this.#entries.get(path);
    if (known?.version === version) return known.answer && recall(known.answer);
    const answer = await recogniseFile(path);
    // What is wrong with a file may be put right beside it.
    if (answer === null || answer.problem === null) this.#remember(path, version, answer);
    return answer;
  }

  #remember(path: string, version: string, answer: RecognisedFile | null): void {
    const kept = answer && {
      backbone: answer.backbone?.id ?? null,
      name: answer.name,
      alpha: answer.alpha,
      imageSize: answer.imageSize,
      bytes: answer.bytes,
    };
    this.#entries.delete(path);
    this.#entries.set(path, { version, answer: kept });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= most) break;
      this.#entries.delete(oldest);
    }
    this.#changed = true;
  }

  /** Writes down what is new. A folder that cannot be written costs time, nothing else. */
  async save(): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    const content = JSON.stringify({ format: 1, files: Object.fromEntries(this.#entries) });
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

async function versionOf(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  // A folder's date tells of files that came or went beside a model.json.
  const folder = await stat(dirname(path)).catch(() => null);
  return `${found.size}/${found.mtimeMs}/${folder?.mtimeMs ?? 0}`;
}

function recall({ backbone, ...rest }: NonNullable<Entry['answer']>): RecognisedFile {
  return { ...rest, backbone: backbone === null ? null : knownBackbone(backbone), problem: null };
}
