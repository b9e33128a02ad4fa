/** What a RUN or MODEL word on the command line means. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { isProjectFolder } from '../../project/project.ts';

/** A run of a project, or a model file. */
export type ModelReference =
  | { readonly kind: 'run'; readonly project: string; readonly run: string }
  | { readonly kind: 'file'; readonly path: string };

/** The run that a folder `<project>/runs/<id>` stands for; null when it is none. */
function runOfFolder(path: string): ModelReference | null {
  const project = dirname(dirname(path));
  const isRun = basename(dirname(path)) === 'runs' && isProjectFolder(project);
  return isRun ? { kind: 'run', project, run: basename(path) } : null;
}

/**
 * Finds out what a word means: the path of a run folder, the path of a model file (or of a folder with a
 * `model.json`), or the id of a run of `project`.
 * @throws AppError USAGE_INVALID for an id without project, MODEL_NOT_FOUND for a path that is no model
 */
export function resolveModel(word: string, project: string | undefined): ModelReference {
  const path = resolve(word);
  if (existsSync(path)) {
    const run = runOfFolder(path);
    if (run !== null) return run;
    if (statSync(path).isFile()) return { kind: 'file', path };
    if (existsSync(join(path, 'model.json'))) return { kind: 'file', path: join(path, 'model.json') };
  }
  if (/[\\/]|\.(json|h5|keras)$/.test(word)) throw new AppError('MODEL_NOT_FOUND', { path: word });
  if (project !== undefined) return { kind: 'run', project: resolve(project), run: word };
  throw new AppError('USAGE_INVALID', {
    detail: `“${word}” is no path, and for the id of a run --project is missing`,
    command: '',
  });
}

/** As resolveModel, for commands that need a run of a project. @throws AppError also USAGE_INVALID for a model file */
export function resolveRun(word: string, project: string | undefined): { project: string; run: string } {
  const reference = resolveModel(word, project);
  if (reference.kind === 'run') return reference;
  throw new AppError('USAGE_INVALID', {
    detail: `“${word}” is a model file; a run is needed here`,
    command: '',
  });
}
