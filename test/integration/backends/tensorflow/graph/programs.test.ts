import type { Rank, Scalar, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Backend, Tf } from '../../../../../src-main/engine/base/backend.ts';
import {
  nodeBackendOf,
  type NodeBackend,
} from '../../../../../src-main/backends/tensorflow/native-binding.ts';
import { loadTensorflow } from './tensorflow.ts';

let backend: Required<Backend>;
let tf: Tf;
let node: NodeBackend;

beforeAll(async () => {
  backend = await loadTensorflow();
  tf = backend.tf;
  node = nodeBackendOf(tf);
});

/** The numbers of tensors that are then disposed of. */
function numbers(tensors: Tensor[]): number[][] {
  return tensors.map((tensor) => {
    const values = [...tensor.dataSync()];
    tensor.dispose();
    return values;
  });
}

describe('state', () => {
  test('lives in the set, is shared by its programs, and is read and written on request', () => {
    const total = tf.variable(tf.tensor1d([1, 2, 3]));
    const set = backend.prepare({
      add: {
        program: ([x]) => {
          total.assign(tf.add<Tensor1D>(total, x));
          return [tf.sum(total)];
        },
        exampleInputs: [tf.zeros([3])],
      },
      twice: { program: () => [tf.mul(total, 2)], exampleInputs: [] },
    });
    expect(set.mode).toBe('graph');
    expect([...total.dataSync()]).toEqual([1, 2, 3]);
    expect(numbers(set.run('add', [tf.ones([3])]))).toEqual([[9]]);
    expect(numbers(set.run('add', [tf.ones([3])]))).toEqual([[12]]);
    expect(numbers(set.run('twice', []))).toEqual([[6, 8, 10]]);
    expect([...total.dataSync()]).toEqual([1, 2, 3]);
    set.readVariables();
    expect([...total.dataSync()]).toEqual([3, 4, 5]);
    total.assign(tf.tensor1d([0, 0, 10]));
    set.writeVariables();
    expect(numbers(set.run('twice', []))).toEqual([[0, 0, 20]]);
    set.dispose();
  });

  test('read before a write and read after it are told apart', () => {
    const a = tf.variable(tf.scalar(1));
    const b = tf.variable(tf.scalar(10));
    const program = () => {
      const before = tf.add(a, b);
      const oldA = a.clone();
      a.assign(b.clone());
      b.assign(oldA);
      const after = tf.sub(a, b);
      a.assign(tf.mul(a, 2));
      return [before, after, a, b.clone(), tf.add(a, b)];
    };
    const set = backend.prepare({ swap: { program, exampleInputs: [] } });
    expect(set.whyEager).toBeNull();
    expect(numbers(set.run('swap', [])).flat()).toEqual([11, 9, 20, 1, 21]);
    expect(numbers(set.run('swap', [])).flat()).toEqual([21, -19, 2, 20, 22]);
    expect([a.dataSync()[0], b.dataSync()[0]]).toEqual([1, 10]);
    set.readVariables();
    expect([a.dataSync()[0], b.dataSync()[0]]).toEqual([2, 20]);
    set.dispose();
  });

  test('variables made from one tensor, or copied beforehand, stay apart', () => {
    const origin = tf.tensor1d([1, 1]);
    const a = tf.variable(origin);
    const b = tf.variable(origin);
    const copy = a.clone();
    const program = ([x]: Tensor[]) => {
      a.assign(tf.add<Tensor1D>(a, x));
      return [tf.add(tf.mul(b, 100), tf.add(tf.mul(origin, 10), tf.sub(a, copy)))];
    };
    const set = backend.prepare({ it: { program, exampleInputs: [tf.zeros([2])] } });
    set.run('it', [tf.ones([2])]);
    expect(numbers(set.run('it', [tf.ones([2])]))).toEqual([[112, 112]]);
    set.readVariables();
    expect([[...a.dataSync()], [...b.dataSync()], [...origin.dataSync()]]).toEqual([
      [3, 3],
      [1, 1],
      [1, 1],
    ]);
    set.dispose();
  });

  test('what a program is fed may become state, and is a copy of it', () => {
    const kept = tf.variable(tf.zeros([4]));
    const program = ([x]: Tensor[]) => {
      kept.assign(tf.reshape(x, [4]));
      return [];
    };
    const set = backend.prepare({
      keep: { program, exampleInputs: [tf.zeros([2, 2])] },
      get: { program: () => [tf.clone(kept)], exampleInputs: [] },
    });
    const values = new Float32Array([1, 2, 3, 4]);
    const fed = tf.tensor(values, [2, 2]);
    set.run('keep', [fed]);
    fed.dispose();
    values.fill(-1);
    expect(numbers(set.run('get', []))).toEqual([[1, 2, 3, 4]]);
    set.dispose();
  });

  test('optimizers of tfjs, which make their state in the first step, work', () => {
    for (const optimizer of ['sgd', 'momentum', 'adam', 'rmsprop', 'adagrad', 'adamax'] as const) {
      const steps = ['graph', 'eager'].map((mode) => {
        const weight = tf.variable(tf.tensor1d([1, -2, 3]));
        const make = {
          sgd: () => tf.train.sgd(0.1),
          momentum: () => tf.train.momentum(0.1, 0.9),
          adam: () => tf.train.adam(0.1),
          rmsprop: () => tf.train.rmsprop(0.1),
          adagrad: () => tf.train.adagrad(0.1),
          adamax: () => tf.train.adamax(0.1),
        };
        const rule = make[optimizer]();
        const loss = (x: Tensor) => () => tf.sum<Scalar>(tf.square(tf.sub(weight, x)));
        const program = ([x]: Tensor[]) => [rule.minimize(loss(x), true, [weight])!];
        const input = tf.tensor1d([2, 2, 2]);
        if (mode === 'eager')
          return Array.from({ length: 6 }, () => numbers(tf.tidy(() => program([input])))[0][0]);
        const set = backend.prepare({ step: { program, exampleInputs: [input] } });
        expect(set.whyEager).toBeNull();
        const losses = Array.from({ length: 6 }, () => numbers(set.run('step', [input]))[0][0]);
        set.dispose();
        return losses;
      });
      expect(steps[0], optimizer).toEqual(steps[1]);
    }
  });
});

describe('inputs and outputs', () => {
  test('an output may be an input, a constant, a variable, or the same thing twice', () => {
    const variable = tf.variable(tf.scalar(5));
    const outside = tf.tensor1d([7, 8]);
    const program = ([x, y]: Tensor[]) => {
      const sum = tf.add(x, y);
      return [x, tf.scalar(3), variable, sum, tf.keep(sum.clone()), outside];
    };
    const tensors = tf.memory().numTensors;
    const exampleInputs = [tf.scalar(0), tf.scalar(0)];
    const set = backend.prepare({ it: { program, exampleInputs } });
    expect(tf.memory().numTensors).toBe(tensors + exampleInputs.length);
    for (let run = 0; run < 3; run++) {
      expect(numbers(set.run('it', [tf.scalar(1), tf.scalar(2)]))).toEqual([[1], [3], [5], [3], [3], [7, 8]]);
    }
    expect(variable.isDisposed).toBe(false);
    expect([...outside.dataSync()]).toEqual([7, 8]);
    set.dispose();
  });

  test('batches of other sizes are right, announced or not, and keep the state', () => {
    const seen = tf.variable(tf.scalar(0));
    const program = ([x]: Tensor[]) => {
      seen.assign(tf.add(seen, tf.sum(x)));
      return [tf.mean(tf.reshape(x, [-1, 2]), 0), tf.clone(seen)];
    };
    const example = (rows: number) => [tf.zeros([rows, 2])];
    const set = backend.prepare({ it: { program, exampleInputs: example(4), otherInputs: [example(1)] } });
    const sizes = [4, 1, 3, 4, 2, 5, 6, 7, 8, 9, 10, 11, 3];
    let total = 0;
    for (const rows of sizes) {
      const outputs = numbers(set.run('it', [tf.fill([rows, 2], rows)]));
      total += rows * rows * 2;
      expect(outputs).toEqual([[rows, rows], [total]]);
    }
    expect(set.mode).toBe('graph');
    set.readVariables();
    expect(seen.dataSync()[0]).toBe(total);
    set.dispose();
  });

  test('large constants are no burden on the file', () => {
    const noise = tf.randomUniform([600, 1000]);
    const sum = tf.sum(noise).dataSync()[0];
    const program = ([x]: Tensor[]) => [tf.sum(tf.mul(noise, x)), tf.sum(tf.mul(tf.ones([3000, 1000]), x))];
    const set = backend.prepare({ it: { program, exampleInputs: [tf.scalar(0)] } });
    expect(set.whyEager).toBeNull();
    const [[first], [second]] = numbers(set.run('it', [tf.scalar(2)]));
    expect(first / (2 * sum)).toBeCloseTo(1, 4);
    expect(second).toBe(6_000_000);
    set.dispose();
  });

  test('bytes are fed as bytes', () => {
    const program = ([x]: Tensor[]) => [tf.div(tf.cast(x, 'float32'), 255), tf.cast(x, 'int32')];
    const bytes = backend.bytes(Uint8Array.of(0, 51, 255, 128), [2, 2]);
    const set = backend.prepare({ it: { program, exampleInputs: [bytes] } });
    expect(set.whyEager).toBeNull();
    const [fractions, whole] = numbers(set.run('it', [bytes]));
    [0, 0.2, 1, 128 / 255].forEach((value, index) => expect(fractions[index]).toBeCloseTo(value, 6));
    expect(whole).toEqual([0, 51, 255, 128]);
    expect(numbers(tf.tidy(() => program([bytes])))[1]).toEqual(whole);
    set.dispose();
  });

  test('the gradient of a score by the image and by an activation', () => {
    const filter = tf.variable(tf.randomNormal<Rank.R4>([3, 3, 3, 4]));
    const program = ([x]: Tensor[]) => {
      const features = tf.relu(tf.conv2d(x as Tensor4D, filter, 1, 'same'));
      const score = (activation: Tensor): Tensor => tf.sum(tf.square(tf.mean(activation, [1, 2])));
      const byImage = tf.grad((image) => score(tf.relu(tf.conv2d(image as Tensor4D, filter, 1, 'same'))))(x);
      const heat = tf.relu(tf.mean(tf.mul(features, tf.mean(tf.grad(score)(features), [1, 2], true)), 3));
      return [heat, byImage];
    };
    const image = tf.randomUniform([1, 12, 12, 3]);
    const set = backend.prepare({ it: { program, exampleInputs: [image] } });
    expect(set.whyEager).toBeNull();
    const graph = numbers(set.run('it', [image]));
    const eager = numbers(tf.tidy(() => program([image])));
    graph.forEach((values, output) =>
      values.forEach((value, index) => expect(value).toBeCloseTo(eager[output][index], 5)),
    );
    expect(Math.max(...graph[0])).toBeGreaterThan(0);
    set.dispose();
  });
});

describe('what cannot be a graph runs eagerly, and says why', () => {
  test.each<[string, RegExp, (x: Tensor) => Tensor]>([
    ['numbers read', /reads numbers/, (x) => tf.mul(x, tf.max(x).dataSync()[0])],
    ['variables read', /reads numbers/, (x) => tf.mul(x, tf.variable(tf.scalar(2)).add(1).dataSync()[0])],
    [
      'random numbers',
      /random numbers in JavaScript/,
      (x) => tf.mul(tf.cast(tf.randomUniform([3]), 'bool'), x),
    ],
    ['dropout', /random numbers in JavaScript/, (x) => tf.minimum(tf.dropout(tf.ones([3]), 0.5), x)],
    ['text', /text/, (x) => tf.add(x, tf.stack([tf.scalar('a'), tf.scalar('b')]).size)],
    ['an error', /could not be compiled/, (x) => (tf.tidy(() => x.min()).shape.length === 0 ? fails(x) : x)],
  ])('%s', (_name, reason, operation) => {
    const variable = tf.variable(tf.tensor1d([1, 2, 3]));
    const program = ([x]: Tensor[]) => {
      variable.assign(tf.add<Tensor1D>(variable, x));
      return [operation(x)];
    };
    const set = backend.prepare({ it: { program, exampleInputs: [tf.zeros([3])] } });
    expect(set.mode).toBe('eager');
    expect(set.whyEager).toMatch(reason);
    expect([...variable.dataSync()]).toEqual([1, 2, 3]);
    expect(set.run('it', [tf.ones([3])])).toHaveLength(1);
    expect([...variable.dataSync()]).toEqual([2, 3, 4]);
    set.dispose();
  });

  let calls = 0;
  function fails(x: Tensor): Tensor {
    // As a program that only fails on zeros: its first run is the recording.
    if (calls++ === 0) throw new Error('division by zero');
    return x;
  }

  test('too little memory is said, not hidden in a slower attempt', () => {
    // 40 TB: refused by every allocator.
    const program = ([x]: Tensor[]) => [tf.sum(tf.mul(tf.tile(x, [10_000_000]), 2))];
    const prepare = () => backend.prepare({ it: { program, exampleInputs: [tf.zeros([1_000_000])] } });
    expect(prepare).toThrow(/OOM when allocating|too big|bad_alloc/);
  });

  test('tfjs is as it was afterwards', () => {
    const { random } = Math;
    const { binding } = node;
    backend.prepare({ it: { program: () => [tf.randomNormal([2])], exampleInputs: [] } });
    backend.prepare({
      it: {
        program: () => {
          throw new Error('no');
        },
        exampleInputs: [],
      },
    });
    expect(Math.random).toBe(random);
    expect(node.binding).toBe(binding);
    expect(Object.hasOwn(tf.engine(), 'makeVariable')).toBe(false);
    expect(
      backend.fuseUpdate({
        kind: 'gradient-descent',
        variable: tf.variable(tf.scalar(1)),
        gradient: tf.scalar(1),
        learningRate: tf.scalar(1),
      }),
    ).toBe(false);
  });
});

describe('randomness', () => {
  test('depends on the fed seed alone, in a graph as eagerly', () => {
    const program = ([seed]: Tensor[]) => [backend.randomUniform([2, 50], seed as Tensor1D)];
    const seed = (step: number) => tf.tensor1d([42, step], 'int32');
    const set = backend.prepare({ draw: { program, exampleInputs: [seed(0)] } });
    expect(set.whyEager).toBeNull();
    const draws = [1, 2, 1].map((step) => numbers(set.run('draw', [seed(step)]))[0]);
    expect(draws[0]).toEqual(draws[2]);
    expect(draws[0]).not.toEqual(draws[1]);
    expect(numbers(tf.tidy(() => program([seed(2)])))[0]).toEqual(draws[1]);
    const all = draws[0].concat(draws[1]);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...all)).toBeLessThan(1);
    expect(all.reduce((a, b) => a + b) / all.length).toBeCloseTo(0.5, 0);
    set.dispose();
  });
});

describe('room', () => {
  function makeSet() {
    const weight = tf.tidy(() => tf.variable(tf.randomUniform([300, 300])));
    const program = ([x, rate]: Tensor[]) => {
      const { value, grads } = tf.variableGrads(
        () => tf.sum(tf.square(tf.matMul(x as never, weight as never))),
        [weight],
      );
      const update = { kind: 'gradient-descent', variable: weight, gradient: grads[weight.name] } as const;
      if (!backend.fuseUpdate({ ...update, learningRate: rate as never })) {
        weight.assign(tf.sub(weight, tf.mul(grads[weight.name], rate)));
      }
      return [value];
    };
    const exampleInputs = [tf.zeros([32, 300]), tf.scalar(0)];
    const set = backend.prepare({ step: { program, exampleInputs } });
    expect(set.whyEager).toBeNull();
    tf.dispose(exampleInputs);
    return { set, weight };
  }

  function runOnce(set: ReturnType<typeof makeSet>['set']) {
    const inputs = [tf.ones([32, 300]), tf.scalar(1e-9)];
    const outputs = set.run('step', inputs);
    const loss = outputs[0].dataSync()[0];
    tf.dispose([...inputs, ...outputs]);
    return loss;
  }

  test('300 runs leave no tensor behind and grow nothing', () => {
    const { set, weight } = makeSet();
    for (let i = 0; i < 50; i++) runOnce(set);
    const [tensors, native, resident] = [
      tf.memory().numTensors,
      node.binding.getNumOfTensors(),
      process.memoryUsage.rss(),
    ];
    for (let i = 0; i < 300; i++) runOnce(set);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(node.binding.getNumOfTensors()).toBe(native);
    expect(process.memoryUsage.rss() - resident).toBeLessThan(30e6);
    set.dispose();
    weight.dispose();
  });

  test('preparing and disposing give everything back; sets live side by side', () => {
    const before = [
      tf.memory().numTensors,
      node.binding.getNumOfTensors(),
      node.binding.getNumOfSavedModels(),
    ];
    const made = Array.from({ length: 3 }, () => makeSet());
    const losses = made.map(({ set }) => [runOnce(set), runOnce(set)]);
    expect(new Set(losses.flat()).size).toBe(6);
    expect(node.binding.getNumOfSavedModels()).toBe(before[2] + 3);
    for (const { set, weight } of made) {
      set.readVariables();
      set.dispose();
      weight.dispose();
    }
    expect([
      tf.memory().numTensors,
      node.binding.getNumOfTensors(),
      node.binding.getNumOfSavedModels(),
    ]).toEqual(before);
  });

  test('sessions are freed', () => {
    const round = () => {
      for (let i = 0; i < 10; i++) {
        const big = tf.tidy(() => tf.variable(tf.zeros([1000, 1000])));
        const program = ([x]: Tensor[]) => {
          big.assign(tf.add(big, x));
          return [tf.sum(big)];
        };
        const set = backend.prepare({ it: { program, exampleInputs: [tf.scalar(0)] } });
        tf.tidy(() => set.run('it', [tf.scalar(1)]));
        set.dispose();
        big.dispose();
      }
    };
    round();
    const resident = process.memoryUsage.rss();
    round();
    round();
    // 20 sessions of 4 MB each, were they kept.
    expect(process.memoryUsage.rss() - resident).toBeLessThan(40e6);
  });
});
