/** How long each layer takes on this machine. */
import type * as tfjs from '@tensorflow/tfjs';
import { pause, toInput, type Subject, type Work } from '../subject.ts';

/** A layer is timed so often, and the median taken. */
const repeats = 7;
/** A timing is made of as many calls as fill this many milliseconds, so that the clock's steps do not matter. */
const minMilliseconds = 2;
const maxCalls = 50;

/** Medians in milliseconds for one image. */
export interface MeasuredLayers {
  readonly layers: number[];
  /** The whole network as a compiled program, as it is used for prediction. */
  readonly whole: number;
}

/** Runs until the results are there: on a GPU a call only queues the work. */
function timed(tf: Subject['backend']['tf'], calls: number, call: () => tfjs.Tensor): number {
  const start = performance.now();
  tf.tidy(() => {
    let last: tfjs.Tensor | null = null;
    for (let i = 0; i < calls; i++) last = tf.tidy(call);
    tf.slice(tf.reshape(last!, [-1]), [0], [1]).dataSync();
  });
  return (performance.now() - start) / calls;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function measure(tf: Subject['backend']['tf'], call: () => tfjs.Tensor): number {
  const once = timed(tf, 1, call);
  const calls = Math.min(maxCalls, Math.max(1, Math.ceil(minMilliseconds / Math.max(once, 1e-3))));
  return median(Array.from({ length: repeats }, () => timed(tf, calls, call)));
}

/**
 * Times every layer by itself, with the values that the layers before it give; one call after another, as a layer on
 * its own cannot be fused with its neighbours. The sum is therefore more than `whole`.
 * @param batchSize images that go through at once
 * @throws AppError CANCELLED
 */
export async function measureLayers(
  subject: Subject,
  batchSize: number,
  work: Work,
): Promise<MeasuredLayers> {
  const { backend, network, imageSize, channels } = subject;
  const { tf } = backend;
  const pixels = tf.randomUniform([batchSize, imageSize, imageSize, channels], 0, 255, 'float32', 1);
  const total = network.layers.length + 1;
  const values = new Map<(typeof network.layers)[number], tfjs.Tensor>();
  const images = tf.tidy(() => toInput(subject, pixels));
  try {
    const layers: number[] = [];
    for (const layer of network.layers) {
      await pause(work);
      const inputs = layer.inputs.map((input) => values.get(input)!);
      const given = inputs.length === 0 ? images : inputs.length === 1 ? inputs[0] : inputs;
      const call = (): tfjs.Tensor => layer.layer.apply(given, { training: false }) as tfjs.Tensor;
      values.set(layer, tf.tidy(call));
      layers.push(measure(tf, call) / batchSize);
      work.onProgress?.(layers.length, total);
    }
    await pause(work);
    const whole = wholeNetwork(subject, pixels) / batchSize;
    work.onProgress?.(total, total);
    return { layers, whole };
  } finally {
    tf.dispose([pixels, images, ...values.values()]);
  }
}

function wholeNetwork(subject: Subject, pixels: tfjs.Tensor): number {
  const { backend, network } = subject;
  const program = ([given]: tfjs.Tensor[]): tfjs.Tensor[] => [network.walk(toInput(subject, given)).output()];
  const programs = backend.prepare({ whole: { program, exampleInputs: [pixels] } });
  try {
    return measure(backend.tf, () => programs.run('whole', [pixels])[0]);
  } finally {
    programs.dispose();
  }
}
