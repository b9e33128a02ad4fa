/** Filter patterns of a layer. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import type { ExplainModel } from '../../contract/app/explain/network.ts';
import type { PatternSettings, Patterns } from '../../contract/app/explain/patterns.ts';
import { makeFolders } from '../../core/files/make-folders.ts';
import { resultAddress } from './activations.ts';
import { patternGrid, patternPictures } from './draw-patterns.ts';
import {
  type ExplainContext,
  type Emit,
  follow,
  openModel,
  reference,
  secondsSince,
} from './explain-context.ts';

/** Makes the folder where patterns are kept: with the project, or where there is none, with the settings. */
async function makeCacheFolder({ context }: ExplainContext): Promise<string> {
  const root = context.openedProject()?.folder;
  if (root === undefined) await mkdir(context.settingsFolder, { recursive: true });
  const base = root ?? context.settingsFolder;
  const folder = join(base, 'cache', 'filter-patterns');
  await makeFolders(base, folder).catch((error: unknown) => {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new AppError('FILE_UNWRITABLE', { path: folder, reason }, { cause: error });
  });
  return folder;
}

/** Makes filter patterns, or takes them from the cache. @throws AppError MODEL_…, CANCELLED */
export async function lookAtPatterns(
  explain: ExplainContext,
  input: {
    model: ExplainModel;
    layer: string | null;
    first: number;
    count: number;
    settings: PatternSettings;
  },
  emit: Emit<Patterns>,
  signal: AbortSignal,
): Promise<Patterns> {
  const start = performance.now();
  const opened = await openModel(explain, input.model);
  const { layer, first, count, settings } = input;
  const folder = await makeCacheFolder(explain);
  const request = { ...reference(opened), layer, first, count, settings, folder };
  const found = await follow(
    explain,
    (engine, ending) => engine.explain.patterns(request, { signal: ending }),
    emit,
    signal,
  );
  const { file, channels, ...about } = found;
  const pictures = patternPictures({
    layer: found.layer,
    filters: found.filters,
    pictures: await readFile(join(folder, file)),
    channels,
    pattern: settings,
    software: explain.software,
    model: opened.name,
  });
  const id = explain.results.add(pictures);
  const grid = patternGrid(found.filters.length, settings.size);
  return {
    type: 'done',
    id,
    ...about,
    settings,
    grid,
    picture: resultAddress(id),
    seconds: secondsSince(start),
  };
}
