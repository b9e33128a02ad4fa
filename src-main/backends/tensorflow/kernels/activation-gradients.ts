import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../../../engine/base/backend.ts';
import { runOperation, typeAttribute } from '../native-binding.ts';
import { replaceKernel, runKernel } from './replace-kernel.ts';

/** An activation whose derivative follows from its output. */
interface Activation {
  readonly kernel: string;
  /** TensorFlow's operation for dy · f′, and the order of its inputs. */
  readonly gradient: string;
  readonly gradientFirst: boolean;
  /** The same in tfjs, for other backends. */
  readonly arithmetic: (tf: Tf, dy: Tensor, y: Tensor) => Tensor;
}

/**
 * tfjs's own ReLU gradient makes six passes over the whole activation, and needs what went into the ReLU, which then
 * cannot be fused with the convolution before it. As in Keras, these take what came out.
 */
const ACTIVATIONS: readonly Activation[] = [
  {
    kernel: 'Relu',
    gradient: 'ReluGrad',
    gradientFirst: true,
    arithmetic: (tf, dy, y) => tf.mul(dy, tf.cast(tf.greater(y, 0), 'float32')),
  },
  {
    kernel: 'Relu6',
    gradient: 'Relu6Grad',
    gradientFirst: true,
    arithmetic: (tf, dy, y) => tf.mul(dy, tf.cast(tf.logicalAnd(tf.greater(y, 0), tf.less(y, 6)), 'float32')),
  },
  {
    kernel: 'Sigmoid',
    gradient: 'SigmoidGrad',
    gradientFirst: false,
    arithmetic: (tf, dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))),
  },
  {
    kernel: 'Tanh',
    gradient: 'TanhGrad',
    gradientFirst: false,
    arithmetic: (tf, dy, y) => tf.mul(dy, tf.sub(1, tf.square(y))),
  },
];

/** Gives ReLU, ReLU6, sigmoid and tanh one native operation each for their gradient. */
export function registerActivationGradients(tf: Tf): void {
  for (const activation of ACTIVATIONS) registerGradient(tf, activation);
}

function registerGradient(tf: Tf, { kernel, gradient, gradientFirst, arithmetic }: Activation): void {
  replaceKernel(tf, gradient, (backend, { dy, y }) => {
    const type = typeAttribute(backend.binding, 'T', backend.binding.TF_FLOAT);
    return runOperation(backend, gradient, [type], gradientFirst ? [dy, y] : [y, dy])[0];
  });
  tf.registerGradient({
    kernelName: kernel,
    outputsToSave: [true],
    gradFunc: (given, [y]) => {
      const dy = given as Tensor;
      const native = tf.getBackend() === 'tensorflow' && dy.dtype === 'float32' && y.dtype === 'float32';
      return { x: () => (native ? runKernel<Tensor>(tf, gradient, { dy, y }) : arithmetic(tf, dy, y)) };
    },
  });
}
