/** In which order the classes of a confusion matrix stand. */

/** `class`: as the model has them; `confusion`: the most mistaken first; `similarity`: those that are confused, side by side. */
export type MatrixOrder = 'class' | 'confusion' | 'similarity';

type Matrix = readonly (readonly number[])[];

/** Places of classes in the order asked for. @param matrix images, rows are true classes */
export function orderClasses(matrix: Matrix, order: MatrixOrder): number[] {
  const places = matrix.map((_, place) => place);
  if (order === 'class') return places;
  if (order === 'similarity') return orderBySimilarity(confusions(matrix));
  const wrong = places.map((place) =>
    places.reduce(
      (sum, other) => (other === place ? sum : sum + matrix[place][other] + matrix[other][place]),
      0,
    ),
  );
  return places.sort((a, b) => wrong[b] - wrong[a] || a - b);
}

/** How much two classes are taken for each other, both ways: shares of their photos. 0 for a class and itself. */
function confusions(matrix: Matrix): number[][] {
  const totals = matrix.map((row) =>
    Math.max(
      1,
      row.reduce((sum, images) => sum + images, 0),
    ),
  );
  return matrix.map((row, i) =>
    row.map((images, j) => (i === j ? 0 : images / totals[i] + matrix[j][i] / totals[j])),
  );
}

/**
 * Orders classes so that confused ones stand near each other: each connected group by its Fiedler vector, then moved
 * one by one as long as that brings confusions nearer to the diagonal. The largest groups come first; classes that are
 * never confused come last.
 * @see Barnard, Pothen, Simon: A spectral algorithm for envelope reduction of sparse matrices (1995)
 */
function orderBySimilarity(similarity: readonly (readonly number[])[]): number[] {
  const groups = connectedGroups(similarity);
  const ordered = groups.map((group) =>
    group.length < 3 ? group : improve(spectralOrder(group, similarity), similarity),
  );
  return ordered.sort((a, b) => b.length - a.length || a[0] - b[0]).flat();
}

function connectedGroups(similarity: readonly (readonly number[])[]): number[][] {
  const left = new Set(similarity.keys());
  const groups: number[][] = [];
  for (const first of similarity.keys()) {
    if (!left.delete(first)) continue;
    const group = [first];
    for (const place of group) {
      for (const other of left) {
        if (similarity[place][other] > 0 && left.delete(other)) group.push(other);
      }
    }
    groups.push(group.sort((a, b) => a - b));
  }
  return groups;
}

/** Steps of inverse iteration: the error falls about fourfold in each, also along a chain. */
const iterations = 24;
/** Of the largest diagonal element: what makes the Laplacian, which has no inverse, invertible. */
const lift = 1e-6;

/** By the second eigenvector of the graph's Laplacian, found by inverse iteration without the constant vector. */
function spectralOrder(group: readonly number[], similarity: readonly (readonly number[])[]): number[] {
  const factor = factorise(laplacian(group, similarity));
  // Not symmetric about the middle, and the same every time.
  let vector = group.map((_, at) => Math.sin(at + 1) + at / group.length);
  for (let step = 0; step < iterations; step++) {
    const next = solve(factor, vector);
    const mean = next.reduce((sum, value) => sum + value, 0) / next.length;
    const length = Math.hypot(...next.map((value) => value - mean));
    if (!(length > 0)) break;
    vector = next.map((value) => (value - mean) / length);
  }
  return group
    .map((place, at) => ({ place, at: vector[at] }))
    .sort((a, b) => a.at - b.at || a.place - b.place)
    .map(({ place }) => place);
}

/** Degrees on the diagonal, lifted a little; minus the similarities elsewhere. */
function laplacian(group: readonly number[], similarity: readonly (readonly number[])[]): number[][] {
  const degrees = group.map((i) => group.reduce((sum, j) => sum + similarity[i][j], 0));
  const lifted = lift * Math.max(...degrees);
  return group.map((i, at) =>
    group.map((j, other) => (at === other ? degrees[at] + lifted : -similarity[i][j])),
  );
}

/** Cholesky factor of a positive definite matrix: lower triangle, row by row. */
function factorise(matrix: readonly (readonly number[])[]): Float64Array[] {
  const rows = matrix.map(() => new Float64Array(matrix.length));
  matrix.forEach((given, i) => {
    for (let j = 0; j <= i; j++) {
      let sum = given[j];
      for (let k = 0; k < j; k++) sum -= rows[i][k] * rows[j][k];
      rows[i][j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / rows[j][j];
    }
  });
  return rows;
}

/** Solves L·Lᵀ·x = b. */
function solve(rows: readonly Float64Array[], b: readonly number[]): number[] {
  const x = [...b];
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i] -= rows[i][k] * x[k];
    x[i] /= rows[i][i];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= rows[k][i] * x[k];
    x[i] /= rows[i][i];
  }
  return x;
}

const maxSweeps = 4;

/** Swaps neighbours as long as that lowers Σ similarity · distance. */
function improve(order: readonly number[], similarity: readonly (readonly number[])[]): number[] {
  const places = [...order];
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    let swapped = false;
    for (let at = 0; at + 1 < places.length; at++) {
      const [a, b] = [places[at], places[at + 1]];
      // What lies before is nearer to whoever comes first, what lies behind nearer to whoever comes second.
      let gain = 0;
      places.forEach((other, place) => {
        if (place === at || place === at + 1) return;
        const difference = similarity[b][other] - similarity[a][other];
        gain += place < at ? difference : -difference;
      });
      if (gain <= 1e-12) continue;
      places[at] = b;
      places[at + 1] = a;
      swapped = true;
    }
    if (!swapped) break;
  }
  return places;
}

/** A cell off the diagonal. */
export interface ConfusedPair {
  readonly truth: number;
  readonly said: number;
  readonly images: number;
  /** Of the photos of the true class. */
  readonly share: number;
}

/** The cells that hold the most mistakes, the worst first; of equal ones those that are the larger share of their class. */
export function worstPairs(matrix: Matrix, count: number): ConfusedPair[] {
  const pairs = matrix.flatMap((row, truth) => {
    const total = Math.max(
      1,
      row.reduce((sum, images) => sum + images, 0),
    );
    return row.flatMap((images, said) =>
      truth === said || images === 0 ? [] : [{ truth, said, images, share: images / total }],
    );
  });
  return pairs.sort((a, b) => b.images - a.images || b.share - a.share || a.truth - b.truth).slice(0, count);
}
