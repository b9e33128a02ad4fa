import type { Locator, Page } from '@playwright/test';
import { dropPaths } from '../support/drop.ts';

export class StartPage {
  readonly sample: Locator;
  readonly name: Locator;
  readonly recent: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.sample = page.getByTestId('sample');
    this.name = page.getByTestId('project-name');
    this.recent = page.getByTestId('recent-projects');
  }

  /** Drops files or folders from the disk. */
  async drop(paths: readonly string[]): Promise<void> {
    await dropPaths(this.#page.getByTestId('drop-area'), paths);
  }

  async create(name: string): Promise<void> {
    await this.name.fill(name);
    await this.#page.getByRole('button', { name: 'Create project' }).click();
  }
}
