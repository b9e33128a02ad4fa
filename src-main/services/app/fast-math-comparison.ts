/** What fast mathematics is worth: the same work in engines of their own, with and without it, taking turns. */
import { exactMathEnvironment, fastMathEnvironment } from '../../backends/fast-math.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { FastMathComparison } from '../../contract/app/settings.ts';
import type { Prediction } from '../../contract/app/training.ts';
import { listClasses } from '../../project/images/classes.ts';
import { type LabelledImage, labelledPages } from '../../project/images/labelled-pages.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { predictWithRun } from '../evaluation/prediction.ts';

/** Each side is measured this often; other work on the machine falls on both. */
const rounds = 2;
/** And predicts this often each time. */
const predictionTimes = 3;

const sides = { exact: exactMathEnvironment, fast: fastMathEnvironment } as const;
type Side = keyof typeof sides;

/** What one engine did. */
interface Measured {
  readonly stepMilliseconds: number | null;
  readonly predictSeconds: number;
  readonly predictions: readonly Prediction[];
}

/**
 * Predicts images of the project with a run's model and times training steps, in turn with and without fast
 * mathematics. The running engine stays, so nothing else should run meanwhile.
 * @param most images to predict: of validation, then of test, then of training
 * @throws AppError NOT_FOUND, TRAINING_NO_MODEL, DATASET_EMPTY, CANCELLED, BACKEND_…
 */
export async function compareFastMath(
  context: ServiceContext,
  run: string,
  most: number,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal | undefined,
): Promise<FastMathComparison> {
  const project = context.project();
  const images = await someImages(project, most);
  if (images.length === 0) throw new AppError('DATASET_EMPTY');
  const found: Record<Side, Measured[]> = { exact: [], fast: [] };
  let done = 0;
  onProgress(done, 2 * rounds);
  for (let round = 0; round < rounds; round++) {
    for (const side of ['exact', 'fast'] as const) {
      found[side].push(await measure(context, sides[side], run, images, signal));
      onProgress(++done, 2 * rounds);
    }
  }
  return { run, images: images.length, ...compare(found, labelsOf(project, images)) };
}

async function someImages(project: Project, most: number): Promise<LabelledImage[]> {
  const images: LabelledImage[] = [];
  for (const split of ['validation', 'test', 'train'] as const) {
    for await (const page of labelledPages(project.database, [split])) {
      images.push(...page.slice(0, most - images.length));
      if (images.length >= most) return images;
    }
  }
  return images;
}

function labelsOf(project: Project, images: readonly LabelledImage[]): string[] {
  const names = new Map(listClasses(project.database).map(({ id, name }) => [id, name]));
  return images.map(({ classId }) => names.get(classId) ?? '');
}

async function measure(
  context: ServiceContext,
  environment: Readonly<Record<string, string>>,
  run: string,
  images: readonly LabelledImage[],
  signal: AbortSignal | undefined,
): Promise<Measured> {
  throwIfCancelled(signal);
  const engine = context.engine.createSecond(environment);
  try {
    const request = { run, images: images.map(({ id }) => id), uploads: [], picks: [] };
    const predict = (): Promise<Prediction[]> => predictWithRun({ ...context, engine }, request, signal);
    // The first time loads the model and compiles it.
    const predictions = await predict();
    let predictSeconds = Infinity;
    // The least of several: what else the machine does only ever adds.
    for (let time = 0; time < predictionTimes; time++) {
      const begun = performance.now();
      await predict();
      predictSeconds = Math.min(predictSeconds, (performance.now() - begun) / 1000);
    }
    const { stepMilliseconds } = await engine.ask((process) => process.selfTest(), signal);
    return { stepMilliseconds, predictSeconds, predictions };
  } finally {
    await engine.close();
  }
}

type Comparison = Omit<FastMathComparison, 'run' | 'images'>;

function compare({ exact, fast }: Record<Side, Measured[]>, labels: readonly string[]): Comparison {
  const least = (values: (number | null)[]): number | null => {
    const measured = values.filter((value) => value !== null);
    return measured.length === 0 ? null : Math.min(...measured);
  };
  const [a, b] = [exact[0].predictions, fast[0].predictions];
  const differences = a.flatMap(({ probabilities }, image) =>
    Object.entries(probabilities).map(([name, value]) => Math.abs(value - b[image].probabilities[name])),
  );
  const accuracy = (side: readonly Prediction[]): number =>
    side.filter(({ label }, image) => label === labels[image]).length / labels.length;
  return {
    stepMilliseconds: {
      exact: least(exact.map(({ stepMilliseconds }) => stepMilliseconds)),
      fast: least(fast.map(({ stepMilliseconds }) => stepMilliseconds)),
    },
    predictSeconds: {
      exact: Math.min(...exact.map(({ predictSeconds }) => predictSeconds)),
      fast: Math.min(...fast.map(({ predictSeconds }) => predictSeconds)),
    },
    accuracy: { exact: accuracy(a), fast: accuracy(b) },
    changed: a.filter(({ label }, image) => label !== b[image].label).length,
    largestDifference: differences.reduce((most, value) => Math.max(most, value), 0),
    meanDifference: differences.reduce((sum, value) => sum + value, 0) / Math.max(1, differences.length),
  };
}
