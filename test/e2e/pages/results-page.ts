import { type Locator, type Page, expect } from '@playwright/test';

export class ResultsPage {
  readonly runs: Locator;
  readonly name: Locator;
  readonly classReport: Locator;
  readonly matrix: Locator;
  readonly facts: Locator;
  readonly reused: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.runs = page.getByTestId('run-list').getByRole('link');
    this.name = page.getByTestId('run-name');
    this.classReport = page.getByTestId('class-report');
    this.matrix = page.getByTestId('confusion-matrix');
    this.facts = page.getByTestId('run-facts');
    this.reused = page.getByTestId('test-reused');
  }

  get notes(): Locator {
    return this.#page.getByTestId('run-notes');
  }

  /** Begins to compare, and ticks these runs by the first letters of their names. */
  async compare(names: readonly string[]): Promise<void> {
    await this.#page.getByTestId('compare').click();
    for (const name of names) await this.#page.getByRole('checkbox', { name: `Compare ${name}` }).check();
  }

  accuracy(split: 'train' | 'validation' | 'test'): Locator {
    return this.#page.getByTestId(`accuracy-${split}`);
  }

  measure(split: 'train' | 'validation' | 'test'): Locator {
    return this.#page.getByTestId(`measure-${split}`);
  }

  /** The confusion matrix as numbers. */
  async readMatrix(): Promise<number[][]> {
    const cells = this.matrix.locator('tbody tr');
    // The figures of the run are there before the evaluation behind them is read.
    await expect(cells.first()).toBeVisible();
    const rows = await cells.all();
    return Promise.all(
      rows.map(async (row) => (await row.locator('td span:first-child').allInnerTexts()).map(Number)),
    );
  }
}
