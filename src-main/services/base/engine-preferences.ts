/** How the user wants the engine to compute: `engine.json` in the settings folder. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fastMathEnvironment } from '../../backends/fast-math.ts';

const fileSchema = z.object({ fastMath: z.boolean() });
/** What can be chosen. */
export type EnginePreferences = z.infer<typeof fileSchema>;

const byDefault: EnginePreferences = { fastMath: false };

/** Reads and writes the engine's preferences. A damaged file counts as none. */
export class EnginePreferenceFile {
  readonly #folder: string;

  constructor(settingsFolder: string) {
    this.#folder = settingsFolder;
  }

  get #path(): string {
    return join(this.#folder, 'engine.json');
  }

  read(): EnginePreferences {
    if (!existsSync(this.#path)) return byDefault;
    try {
      return fileSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return byDefault;
    }
  }

  write(preferences: EnginePreferences): void {
    mkdirSync(this.#folder, { recursive: true });
    const temporary = `${this.#path}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(preferences, null, 2));
    renameSync(temporary, this.#path);
  }

  /** What an engine's process needs in its environment for them. */
  environment(): Readonly<Record<string, string>> {
    return this.read().fastMath ? fastMathEnvironment : {};
  }
}
