/** Activations as the few functions that all formats have. */
import { type LayerSite, type LowerLayer, type Operations, only } from './lowering.ts';
import type { Arithmetic, Function, Operation, Value } from './operations.ts';

/** Adds an activation. @param name of what it puts out */
type Activate = (operations: Operations, name: string, x: Value) => Value;

const one =
  (wanted: Function): Activate =>
  (operations, name, x) =>
    operations.add(name, { kind: 'function', function: wanted }, [x]);

function affine(operations: Operations, name: string, x: Value, scale: number, offset: number): Operation {
  const work = { kind: 'affine', scale: Float32Array.of(scale), offset: Float32Array.of(offset) } as const;
  return operations.add(name, work, [x]);
}

function both(operations: Operations, name: string, operation: Arithmetic, a: Value, b: Value): Operation {
  return operations.add(name, { kind: 'arithmetic', operation }, [a, b]);
}

const clip =
  (lowest: number, highest: number): Activate =>
  (operations, name, x) =>
    operations.add(name, { kind: 'clip', lowest, highest }, [x]);

const hardSigmoid =
  (slope: number): Activate =>
  (operations, name, x) =>
    clip(0, 1)(operations, name, affine(operations, `${name}/line`, x, slope, 0.5));

/** max(x, 0) + ln(1 + e^−|x|), which no x makes infinite. */
const softplus: Activate = (operations, name, x) => {
  const distance = one('abs')(operations, `${name}/abs`, x);
  const power = one('exp')(
    operations,
    `${name}/exp`,
    affine(operations, `${name}/negative`, distance, -1, 0),
  );
  const log = one('log')(operations, `${name}/log`, affine(operations, `${name}/more`, power, 1, 1));
  return both(operations, name, 'add', one('relu')(operations, `${name}/relu`, x), log);
};

/** x / (1 + |x|) */
const softsign: Activate = (operations, name, x) => {
  const distance = one('abs')(operations, `${name}/abs`, x);
  return both(operations, name, 'divide', x, affine(operations, `${name}/more`, distance, 1, 1));
};

const gated =
  (gate: Activate): Activate =>
  (operations, name, x) =>
    both(operations, name, 'multiply', x, gate(operations, `${name}/gate`, x));

/** scale · x above 0, scale · alpha · (eˣ − 1) below. */
const scaledElu =
  (alpha: number, scale: number): Activate =>
  (operations, name, x) => {
    const low = clip(-1e30, 0)(operations, `${name}/low`, x);
    const power = one('exp')(operations, `${name}/exp`, low);
    const below = affine(operations, `${name}/below`, power, scale * alpha, -scale * alpha);
    const above = affine(operations, `${name}/above`, one('relu')(operations, `${name}/relu`, x), scale, 0);
    return both(operations, name, 'add', above, below);
  };

/** By the names of tfjs. */
const activations: Readonly<Record<string, Activate>> = {
  linear: (_, __, x) => x,
  relu: one('relu'),
  relu6: one('relu6'),
  sigmoid: one('sigmoid'),
  tanh: one('tanh'),
  elu: one('elu'),
  // The numbers are those of the paper, https://arxiv.org/abs/1706.02515, as Keras has them.
  selu: scaledElu(1.6732632423543772, 1.0507009873554805),
  softplus,
  softsign,
  exponential: one('exp'),
  hardSigmoid: hardSigmoid(0.2),
  hardSigmoid6: hardSigmoid(1 / 6),
  hardTanh: clip(-1, 1),
  leakyRelu: (operations, name, x) => operations.add(name, { kind: 'leaky-relu', slope: 0.2 }, [x]),
  swish: gated(one('sigmoid')),
  hardSilu: gated(hardSigmoid(1 / 6)),
  softmax: (operations, name, x) => operations.add(name, { kind: 'softmax' }, [x]),
  logSoftmax: (operations, name, x) => operations.add(name, { kind: 'log-softmax' }, [x]),
};

/** Adds the activation that a layer ends with. @throws AppError EXPORT_LAYER_UNSUPPORTED */
export function activate({ operations, layer, config, refuse }: LayerSite, x: Value): Value {
  const activation = config.activation ?? 'linear';
  const known = typeof activation === 'string' ? activations[activation] : undefined;
  if (known === undefined) throw refuse(`${layer.type} with the activation ${JSON.stringify(activation)}`);
  const name = layer.type === 'Activation' ? layer.name : `${layer.name}/${activation as string}`;
  return known(operations, name, x);
}

/** A layer that is an activation. */
export const lowerActivation: LowerLayer = (site) => activate(site, site.inputs[0]);

/** Softmax along the last axis. */
export const lowerSoftmax: LowerLayer = (site) => {
  const [axis, ...others] = [site.config.axis ?? -1].flat().map(Number);
  if (others.length > 0 || (axis !== -1 && axis !== site.shape.length))
    throw site.refuse('Softmax along another axis');
  return only(site, { kind: 'softmax' });
};

/** ReLU with an upper limit, or with a slope below. */
export const lowerReLU: LowerLayer = (site) => {
  const { operations, layer, config, inputs, refuse } = site;
  const { maxValue, negativeSlope = 0, threshold = 0 } = config;
  if (threshold !== 0) throw refuse('ReLU with a threshold');
  const highest = typeof maxValue === 'number' ? maxValue : null;
  if (negativeSlope !== 0) {
    const sloped = operations.add(
      layer.name,
      { kind: 'leaky-relu', slope: Number(negativeSlope) },
      inputs,
      site.shape,
    );
    return highest === null ? sloped : clip(-1e30, highest)(operations, `${layer.name}/limited`, sloped);
  }
  if (highest === null || highest === 6)
    return only(site, { kind: 'function', function: highest === 6 ? 'relu6' : 'relu' });
  return clip(0, highest)(operations, layer.name, inputs[0]);
};

/** Leaky ReLU with its slope. */
export const lowerLeakyReLU: LowerLayer = (site) =>
  only(site, { kind: 'leaky-relu', slope: Number(site.config.alpha ?? 0.3) });

/** ELU with its factor. */
export const lowerELU: LowerLayer = (site) => {
  const alpha = Number(site.config.alpha ?? 1);
  if (alpha === 1) return only(site, { kind: 'function', function: 'elu' });
  return scaledElu(alpha, 1)(site.operations, site.layer.name, site.inputs[0]);
};
