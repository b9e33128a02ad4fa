/** Runs for the tests of what is said about runs. */
import { runSettingsSchema } from '../../../src-main/contract/training-settings.ts';
import type { Epoch, Run, RunSettings } from '../../../src-main/contract/index.ts';

interface Wanted {
  id?: string;
  recipe?: string;
  series?: string | null;
  /** Test accuracy; missing: not tested. */
  accuracy?: number;
  settings?: Partial<RunSettings>;
  history?: Epoch[];
  status?: Run['status'];
  dataHash?: string;
}

/** A finished run; what is not said is the same for all. */
export function makeRun(wanted: Wanted = {}): Run {
  const settings = runSettingsSchema.parse({
    epochs: 10,
    batchSize: 20,
    learningRate: 0.001,
    imageSize: 64,
    stepsPerEpoch: 5,
    seed: 1,
    ...wanted.settings,
  });
  const { accuracy } = wanted;
  return {
    id: wanted.id ?? 'run',
    name: `Run ${wanted.id ?? ''}`,
    recipe: wanted.recipe ?? 'scratch',
    status: wanted.status ?? 'done',
    createdAt: '2026-11-23T09:00:00.000Z',
    engine: 'tensorflow',
    device: 'cpu',
    settings,
    classes: ['cats', 'dogs'],
    dataHash: wanted.dataHash ?? 'abc',
    params: 1000,
    trainableWeights: 10,
    seconds: 12,
    history: wanted.history ?? [],
    progress: null,
    test: accuracy === undefined ? null : { loss: 0.1, accuracy, interval: null },
    error: null,
    resumable: false,
    totalEpochs: settings.epochs + settings.headEpochs,
    notes: '',
    series: wanted.series ?? null,
    computing: { mode: 'graph', whyEager: null, precision: 'float32' },
  };
}

/** Epochs with these validation losses, in one stage or several. */
export function makeHistory(
  stages: readonly { name: string; losses: readonly (number | null)[] }[],
): Epoch[] {
  const flat = stages.flatMap(({ name, losses }) => losses.map((valLoss) => ({ stage: name, valLoss })));
  return flat.map(({ stage, valLoss }, i) => ({
    epoch: i + 1,
    loss: 0.5,
    accuracy: 0.8,
    valLoss,
    valAccuracy: valLoss === null ? null : 0.9,
    seconds: 1,
    stage,
  }));
}
