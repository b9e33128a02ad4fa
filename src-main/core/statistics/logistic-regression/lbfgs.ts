/**
 * Minimises a smooth function by limited-memory BFGS.
 * @see Nocedal and Wright, Numerical Optimization (2006), algorithms 7.4 and 7.5
 * @see Lewis and Overton (2013), Nonsmooth optimization via quasi-Newton methods, section 2 (the line search)
 */
import type { Work } from '../../jobs/in-pieces.ts';

/** The function to minimise: writes its gradient at `point` into `gradient`, and returns its value there. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** When to stop, and how much to remember. */
export interface LbfgsOptions {
  /** Ends once no component of the gradient is larger. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** Pairs of steps and gradient changes that approximate the Hessian. */
  readonly memory?: number;
}

/** Where the search ended. */
export interface LbfgsResult {
  readonly value: number;
  readonly iterations: number;
  /** False when it ended by `maxIterations`, or because rounding allows no further step. */
  readonly converged: boolean;
}

interface Pair {
  /** The step: change of the point. */
  readonly step: Float64Array;
  /** Change of the gradient over that step. */
  readonly change: Float64Array;
  /** 1 / (step · change). */
  readonly rho: number;
}

const sufficientDecrease = 1e-4;
const curvature = 0.9;
const maxTrials = 40;

/**
 * Minimises `objective`, starting at `point`, which it changes in place; yields after each iteration.
 * @param point the start; holds the minimum on return
 * @returns value and number of iterations
 */
export function* minimise(
  objective: Objective,
  point: Float64Array,
  { tolerance = 1e-5, maxIterations = 200, memory = 10 }: LbfgsOptions = {},
): Work<LbfgsResult> {
  const pairs: Pair[] = [];
  let gradient = new Float64Array(point.length);
  let value = objective(point, gradient);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (largest(gradient) <= tolerance) return { value, iterations: iteration, converged: true };
    const direction = descent(gradient, pairs);
    const first = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const found = search(objective, { point, value, gradient, direction, first });
    if (found === null) return { value, iterations: iteration, converged: false };
    const pair = pairOf(direction, found, gradient);
    if (pair !== null) pairs.push(pair);
    if (pairs.length > memory) pairs.shift();
    point.set(found.point);
    ({ value, gradient } = found);
    yield;
  }
  return { value, iterations: maxIterations, converged: false };
}

/** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map((slope) => -slope);
  const factors = new Float64Array(pairs.length);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, rho } = pairs[i];
    factors[i] = rho * dot(step, direction);
    add(direction, change, -factors[i]);
  }
  const newest = pairs.at(-1);
  if (newest !== undefined) {
    const scale = 1 / (newest.rho * dot(newest.change, newest.change));
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  pairs.forEach(({ step, change, rho }, i) =>
    add(direction, step, factors[i] - rho * dot(change, direction)),
  );
  return direction;
}

interface Line {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly direction: Float64Array;
  /** The first length to try, in units of the direction. */
  readonly first: number;
}

interface Found {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array<ArrayBuffer>;
  readonly length: number;
}

/** Bisects until the weak Wolfe conditions hold; null when no length lowers the value any more. */
function search(objective: Objective, { point, value, gradient, direction, first }: Line): Found | null {
  const slope = dot(gradient, direction);
  if (!(slope < 0)) return null;
  let [low, high, length] = [0, Infinity, first];
  const at = new Float64Array(point.length);
  const there = new Float64Array(point.length);
  for (let trial = 0; trial < maxTrials; trial++) {
    for (let i = 0; i < at.length; i++) at[i] = point[i] + length * direction[i];
    const reached = objective(at, there);
    // Written so that NaN counts as too high.
    if (!(reached <= value + sufficientDecrease * length * slope)) high = length;
    else if (dot(there, direction) < curvature * slope) low = length;
    else return { point: at, value: reached, gradient: there, length };
    length = high === Infinity ? 2 * low : (low + high) / 2;
  }
  return null;
}

/** What a step teaches about the curvature; null when rounding left nothing to learn. */
function pairOf(direction: Float64Array, found: Found, before: Float64Array): Pair | null {
  const step = direction.map((value) => value * found.length);
  const change = found.gradient.map((value, i) => value - before[i]);
  const product = dot(step, change);
  return product > Number.EPSILON * dot(change, change) ? { step, change, rho: 1 / product } : null;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function add(to: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * values[i];
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
