/** Items that are found one after the other, and taken by several workers as they come. */

/** A queue whose readers wait for the next item, until it ends. Each item goes to one reader. */
export class FileQueue<Item> implements AsyncIterable<Item> {
  private readonly items: Item[] = [];
  private waiting: (() => void)[] = [];
  private ended = false;

  /** Adds an item. */
  add(item: Item): void {
    this.items.push(item);
    this.waiting.shift()?.();
  }

  /** No more items come: readers get what is left, and end. */
  end(): void {
    this.ended = true;
    for (const wake of this.waiting) wake();
    this.waiting = [];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    for (;;) {
      const item = this.items.shift();
      if (item !== undefined) yield item;
      else if (this.ended) return;
      else await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }
}
