import { printableLine } from '../../../core/text/printable-text.ts';
import { join, resolve } from 'node:path';
import { AppError } from '../../../contract/shared/errors.ts';
import type { Preprocessing } from '../../../contract/shared/preprocessing.ts';
import type { Prediction } from '../../../contract/app/training.ts';
import { readClassNames } from '../class-names.ts';
import { writeCsv } from '../csv.ts';
import { type OnCluster, clusterText, computeOnCluster } from './clusters/on-cluster.ts';
import type { Output } from '../output.ts';
import { type ModelReference, resolveModel } from '../run-reference.ts';
import { withSession } from '../session.ts';
import { count, percent } from '../text.ts';

interface Flags extends OnCluster {
  readonly project?: string;
  readonly top?: number;
  readonly csv?: string;
  readonly preprocess?: Preprocessing;
  readonly classes?: string;
}

interface Ranked {
  readonly label: string;
  readonly probability: number;
}

/** How many classes a line for people shows when they do not say. */
const USUAL_TOP = 3;

const whyUnknown = {
  probability: 'it is not sure enough',
  distance: 'nothing like it was in training',
} as const;

function rank({ probabilities }: Prediction): Ranked[] {
  const all = Object.entries(probabilities).map(([label, probability]) => ({ label, probability }));
  return all.sort((a, b) => b.probability - a.probability);
}

function answer(output: Output, prediction: Prediction, top: number | undefined): void {
  const { image, label, probability, error, unknown, distance, set } = prediction;
  if (error !== null) {
    const { code, message, remedy } = error;
    output.answer(
      { image, error: { code, message, remedy } },
      printableLine(`${image}: ${code}: ${message}`),
    );
    return;
  }
  const ranked = rank(prediction);
  const shown = ranked.slice(0, top);
  const probabilities = Object.fromEntries(shown.map((entry) => [entry.label, entry.probability]));
  const text = ranked
    .slice(0, top ?? USUAL_TOP)
    .map((entry) => `${entry.label} ${percent(entry.probability)}`);
  // Nothing is said where nothing was fitted for the model.
  const judged = unknown === null ? {} : { unknown: unknown !== false, why: unknown || null, distance };
  const sets = set === null ? {} : { set };
  const doubt = unknown === null || unknown === false ? '' : `I don’t know (${whyUnknown[unknown]}): `;
  // `top` keeps the order that JSON objects lose when class names are numbers.
  output.answer(
    { image, label, probability, probabilities, ...judged, ...sets, top: shown },
    printableLine(`${image}: ${doubt}${text.join(', ')}`),
  );
}

function csvRows(predictions: readonly Prediction[]): (string | number)[][] {
  const classes = Object.keys(predictions.find(({ error }) => error === null)?.probabilities ?? {});
  const judged = predictions.some(({ unknown }) => unknown !== null);
  const row = (prediction: Prediction): (string | number)[] => [
    prediction.image,
    prediction.label ?? '',
    prediction.probability ?? '',
    prediction.error?.code ?? '',
    ...classes.map((name) => prediction.probabilities[name] ?? ''),
    ...(judged ? [prediction.unknown === null ? '' : String(prediction.unknown !== false)] : []),
  ];
  const header = ['image', 'label', 'probability', 'error', ...classes, ...(judged ? ['unknown'] : [])];
  return [header, ...predictions.map(row)];
}

function usage(detail: string): AppError {
  return new AppError('USAGE_INVALID', { detail, command: 'predict ' });
}

/** Has a cluster predict the photos of the run's project; they show in the grid afterwards. */
async function predictProject(
  output: Output,
  flags: Flags & { readonly on: string },
  reference: ModelReference,
  images: readonly string[],
): Promise<void> {
  if (reference.kind === 'file') throw usage('A cluster predicts with runs: name a run');
  if (images.length > 0) throw usage('A cluster predicts the photos of the project: leave the photos out');
  await withSession(output, async (session) => {
    await session.openProject(reference.project);
    const result = await computeOnCluster(session, output, { run: reference.run }, flags);
    output.answer({ event: 'done', run: reference.run, ...result }, clusterText(result));
  });
}

/** `lenslet predict RUN|MODEL IMAGE|FOLDER...`: every file is answered, readable or not. */
export async function predict(output: Output, flags: Flags, word: string, images: string[]): Promise<void> {
  if (flags.on === undefined && images.length === 0) throw usage('Name the images or folders to predict');
  const reference = resolveModel(word, flags.project);
  if (flags.on !== undefined) return predictProject(output, { ...flags, on: flags.on }, reference, images);
  const path = reference.kind === 'file' ? reference.path : join(reference.project, 'runs', reference.run);
  const classes = flags.classes === undefined ? undefined : readClassNames(flags.classes);
  const choice = { path, preprocessing: flags.preprocess, classes };
  await withSession(output, async ({ core, signal }) => {
    const { assumed } = await core.training.models.describe(choice);
    for (const sentence of assumed) output.say(sentence);
    const predictions: Prediction[] = [];
    let done = 0;
    const paths = images.map((image) => resolve(image));
    for await (const prediction of core.training.models.predict(choice, paths, signal)) {
      answer(output, prediction, flags.top);
      if (flags.csv !== undefined) predictions.push(prediction);
      output.progress(Number.NaN, `${count(++done)} predicted`);
    }
    if (flags.csv !== undefined) writeCsv(resolve(flags.csv), csvRows(predictions));
  });
}
