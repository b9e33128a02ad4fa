import { type Locator, type Page, expect } from '@playwright/test';
import { dropPaths } from '../support/drop.ts';

export class ImagesPage {
  readonly grid: Locator;
  readonly tiles: Locator;
  readonly counts: Locator;
  readonly outcome: Locator;
  readonly details: Locator;
  readonly quarantine: Locator;
  readonly filterText: Locator;
  readonly shown: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.grid = page.getByTestId('image-grid');
    this.tiles = this.grid.getByRole('gridcell');
    this.counts = page.getByTestId('counts');
    this.outcome = page.getByTestId('import-outcome');
    this.details = page.getByTestId('image-details');
    this.quarantine = page.getByTestId('quarantine');
    this.filterText = page
      .getByTestId('filter-text')
      .locator('input')
      .or(page.locator('input[data-testid="filter-text"]'));
    this.shown = page.getByTestId('shown-count');
  }

  async drop(paths: readonly string[]): Promise<void> {
    await dropPaths(this.#page.getByTestId('drop-area'), paths);
  }

  /** Waits until an import has ended well. */
  async waitForImport(): Promise<void> {
    await expect(this.outcome).toBeVisible({ timeout: 60_000 });
    await expect(this.tiles.first()).toBeVisible();
  }

  /** The counts table as text: `{ circles: [42, 9, 9] }`. */
  async readCounts(): Promise<Record<string, number[]>> {
    const rows = await this.counts.locator('tbody tr').all();
    const entries = await Promise.all(
      rows.map(async (row) => {
        const name = (await row.locator('th').innerText()).trim();
        const cells = await row.locator('td').allInnerTexts();
        return [name, cells.map((cell) => Number(cell.replaceAll(',', '')))] as const;
      }),
    );
    return Object.fromEntries(entries);
  }

  async choose(filter: 'class' | 'split', option: string): Promise<void> {
    await this.#page.getByTestId(`filter-${filter}`).click();
    await this.#page.getByRole('option', { name: option }).click();
  }
}
