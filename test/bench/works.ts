/** Every piece of work that is measured, by name. */
import { compareCold } from './cold.ts';
import { type Bench, type Result, compareSides } from './compare.ts';
import { growthByBatch, growthByImages } from './growth.ts';
import { describeLargeProject, measureLargeProject } from './large-project.ts';
import { measureImport } from './import-rate.ts';
import { measureStart } from './start.ts';
import { fastMathEnvironment, fastMathInstructions } from '../../src-main/backends/fast-math.ts';
import { sharedData } from '../fixtures/shared-data.ts';

/** A piece of work. */
export interface BenchWork {
  readonly name: string;
  readonly title: string;
  /** What it should reach, with its unit. */
  readonly target: string;
  readonly needsPeer: boolean;
  /** Left out of a short run. */
  readonly onlyLong?: boolean;
  measure(bench: Bench): Promise<Result>;
}

/** Filter patterns of a layer against Keras one by one, and, as a note, against a step that Keras compiled. */
async function comparePatterns(bench: Bench, layer: string): Promise<Result> {
  const both = { layer, filters: 64, size: 64, steps: 40, measured: bench.long ? 8 : 2 };
  const against = (compiled: boolean): Promise<Result> =>
    compareSides(bench, {
      work: 'patterns',
      ours: both,
      theirs: { ...both, compiled },
      times: [1, 1],
      unit: 'ms',
    });
  const result = await against(false);
  if (bench.peer === null) return result;
  const compiled = await against(true);
  const ratio = 'ratio' in compiled && compiled.ratio ? compiled.ratio.median.toFixed(1) : '?';
  const note = `against a step compiled for all filters, which the lesson does not do: ${ratio}×; Keras measured on ${both.measured} filters`;
  return { ...result, note };
}

/** Epochs of the scratch recipe, from photos as they come. */
async function compareEpochs(bench: Bench, env: Readonly<Record<string, string>> = {}): Promise<Result> {
  const { folder, what } = await bench.photos();
  const both = { folder, recipe: 'scratch' };
  const result = await compareSides(bench, {
    work: 'epoch',
    ours: both,
    theirs: both,
    env,
    times: [2, 3],
    unit: 'ms',
  });
  return { ...result, note: what };
}

/** What the processor does fast mathematics with. */
function fastMathNote(): string {
  const gains = fastMathInstructions()?.join(', ');
  return gains ? `with ${gains}` : 'this processor has no instructions that gain from it';
}

const scratchStep = { ours: { recipe: 'scratch', batch: 20 }, theirs: { batch: 20 } };

/** All works, in the order of the report. */
export const works: readonly BenchWork[] = [
  {
    name: 'scratch-step',
    title: 'scratch training step, batch 20',
    target: '≥ 1.05×',
    needsPeer: true,
    measure: (bench) => compareSides(bench, { work: 'step', ...scratchStep, times: [10, 20], unit: 'ms' }),
  },
  {
    name: 'scratch-epoch',
    title: 'scratch recipe, epoch with validation from original-size photos, second epoch on',
    target: '≥ 1.5×',
    needsPeer: true,
    measure: (bench) => compareEpochs(bench),
  },
  {
    name: 'scratch-cold',
    title: 'scratch recipe, 10 epochs from a cold import to the test figure, whole programs',
    target: '≥ 1.3×',
    needsPeer: true,
    measure: compareCold,
  },
  {
    name: 'mnist-epoch',
    title: 'mnist recipe, epoch of 60,000 images',
    target: '≥ 1.0×',
    needsPeer: true,
    async measure(bench) {
      const folder = sharedData('mnist');
      if (folder === null) return { skipped: 'the MNIST files are not there' };
      const ours = { work: 'epoch', folder, recipe: 'mnist' };
      const theirs = { work: 'mnist-epoch', folder };
      return compareSides(bench, { ours, theirs, times: [1, 2], unit: 'ms' });
    },
  },
  {
    name: 'vgg16-forward',
    title: 'VGG16 base forward, batch 20 of 150×150',
    target: '≥ 1.0×',
    needsPeer: true,
    measure: (bench) => {
      const both = { network: 'vgg16', size: 150, batch: 20 };
      return compareSides(bench, { work: 'forward', ours: both, theirs: both, times: [4, 8], unit: 'ms' });
    },
  },
  {
    name: 'mobilenet-features',
    title: 'MobileNetV2 features, batch 32 of 224×224',
    target: '≥ 1.2×',
    needsPeer: true,
    measure: (bench) => {
      const both = { network: 'mobilenet_v2', size: 224, batch: 32 };
      return compareSides(bench, { work: 'forward', ours: both, theirs: both, times: [6, 12], unit: 'ms' });
    },
  },
  {
    name: 'fast-math-step',
    title: 'scratch training step with the bfloat16 setting',
    target: '≥ 1.2×',
    needsPeer: true,
    async measure(bench) {
      const both = { work: 'step', ...scratchStep, times: [10, 20], unit: 'ms' } as const;
      const result = await compareSides(bench, { ...both, env: fastMathEnvironment });
      return { ...result, note: `${fastMathNote()}; Keras in float32` };
    },
  },
  {
    name: 'fast-math-epoch',
    title: 'scratch recipe, epoch as above, with the bfloat16 setting',
    target: '≥ 1.5×',
    needsPeer: true,
    async measure(bench) {
      const result = await compareEpochs(bench, fastMathEnvironment);
      return {
        ...result,
        note: `${'note' in result ? result.note : ''}; ${fastMathNote()}; Keras in float32`,
      };
    },
  },
  {
    name: 'patterns-early',
    title: '64 filter patterns of 64×64 in 40 steps, MobileNetV2 block_1_expand, against one by one',
    target: '≥ 4×',
    needsPeer: true,
    onlyLong: true,
    measure: (bench) => comparePatterns(bench, 'block_1_expand'),
  },
  {
    name: 'patterns-late',
    title: '64 filter patterns of 64×64 in 40 steps, MobileNetV2 Conv_1, against one by one',
    target: '≥ 4×',
    needsPeer: true,
    onlyLong: true,
    measure: (bench) => comparePatterns(bench, 'Conv_1'),
  },
  {
    name: 'import',
    title: 'import of original-size photos: decode, hash, thumbnail, tile',
    target: '≥ 400 photos/s',
    needsPeer: false,
    measure: measureImport,
  },
  {
    name: 'start',
    title: 'start of a compiled run: program prepared and first step done',
    target: '≤ 2 s',
    needsPeer: false,
    measure: measureStart,
  },
  {
    name: 'growth-images',
    title: 'growth with the number of images',
    target: 'bounded memory',
    needsPeer: false,
    measure: growthByImages,
  },
  {
    name: 'growth-batch',
    title: 'growth with the batch size (scratch training step)',
    target: '',
    needsPeer: false,
    measure: growthByBatch,
  },
  {
    name: 'grid',
    title: 'the grid of a project of 100,000 photos',
    target: 'frames ≤ 33 ms (95th percentile), filter and sort ≤ 200 ms',
    needsPeer: false,
    onlyLong: true,
    measure: async (bench) => ({
      note: describeLargeProject(await measureLargeProject(100_000, (line) => bench.say(line))),
    }),
  },
];
