/** Disjoint sets over 0 … size−1, with path halving and union by size (Tarjan and van Leeuwen, 1984). */
export class UnionFind {
  readonly #parent: Int32Array;
  readonly #size: Int32Array;

  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, i) => i);
    this.#size = new Int32Array(size).fill(1);
  }

  /** The representative of an element's set. */
  find(element: number): number {
    const parent = this.#parent;
    let at = element;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]];
    return at;
  }

  /** Joins the sets of two elements; false when they were one already. */
  join(a: number, b: number): boolean {
    let [large, small] = [this.find(a), this.find(b)];
    if (large === small) return false;
    if (this.#size[large] < this.#size[small]) [large, small] = [small, large];
    this.#parent[small] = large;
    this.#size[large] += this.#size[small];
    return true;
  }

  /** The sets, each ascending, in the order of their first elements. */
  sets(): number[][] {
    const sets = new Map<number, number[]>();
    for (let element = 0; element < this.#parent.length; element++) {
      const root = this.find(element);
      const set = sets.get(root);
      if (set === undefined) sets.set(root, [element]);
      else set.push(element);
    }
    return [...sets.values()];
  }
}
