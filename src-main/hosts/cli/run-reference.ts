/** What a RUN or MODEL word on the command line means. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { isProjectFolder } from '../../project/project.ts';
import type { ModelChoice } from '../../services/runs/models.ts';

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

/** The model file of a folder; null when there is none or more than one. */
function modelIn(folder: string): string | null {
  const names = readdirSync(folder);
  if (names.includes('model.json')) return join(folder, 'model.json');
  const models = names.filter((name) => /\.(h5|hdf5|keras)$/i.test(name));
  return models.length === 1 ? join(folder, models[0]) : null;
}

/**
 * Finds out what a word means: the path of a run folder, the path of a model file (or of a folder with
 * one), or the id of a run of `project`.
 * @throws AppError USAGE_INVALID for an id without project, MODEL_NOT_FOUND for a path that is not a model
 */
export function resolveModel(word: string, project: string | undefined): ModelReference {
  const path = resolve(word);
  if (existsSync(path)) {
    const run = runOfFolder(path);
    if (run !== null) return run;
    if (statSync(path).isFile()) return { kind: 'file', path };
    const file = modelIn(path);
    if (file !== null) return { kind: 'file', path: file };
  }
  if (/[\\/]|\.(json|h5|hdf5|keras)$/i.test(word)) throw new AppError('MODEL_NOT_FOUND', { path: word });
  if (project !== undefined) return { kind: 'run', project: resolve(project), run: word };
  throw new AppError('USAGE_INVALID', {
    detail: `“${word}” is not a path, and for the id of a run --project is missing`,
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

/**
 * As resolveModel, for what predicts: a run, a model file, or an export that Keras or Lenslet reads, whose scaling is
 * inside, and whose classes lie beside it.
 * @throws AppError as resolveModel
 */
export function modelChoice(word: string, project: string | undefined): ModelChoice {
  const reference = resolveModel(word, project);
  if (reference.kind === 'run') return { path: join(reference.project, 'runs', reference.run) };
  const folder = resolve(word);
  const labels = join(folder, 'labels.txt');
  if (!existsSync(join(folder, 'export.json')) || !existsSync(labels)) return { path: reference.path };
  const classes = readFileSync(labels, 'utf8').replace(/\n$/, '').split('\n');
  return { path: reference.path, preprocessing: 'none', classes };
}
