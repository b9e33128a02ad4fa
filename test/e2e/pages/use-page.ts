import type { Locator, Page } from '@playwright/test';
import { dropPaths } from '../support/drop.ts';

export class UsePage {
  readonly predictions: Locator;
  readonly tryTest: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.predictions = page.getByTestId('prediction');
    this.tryTest = page.getByTestId('try-test');
  }

  async drop(paths: readonly string[]): Promise<void> {
    await dropPaths(this.#page.getByTestId('drop-area'), paths);
  }
}
