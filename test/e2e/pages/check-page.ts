/** The Check screen: the overview, and what one check found. */
import { type Locator, type Page, expect } from '@playwright/test';

export class CheckPage {
  readonly welcome: Locator;
  readonly health: Locator;
  readonly overview: Locator;
  readonly findings: Locator;
  readonly rows: Locator;
  readonly view: Locator;
  readonly preview: Locator;
  readonly apply: Locator;
  readonly dismiss: Locator;
  readonly undo: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.welcome = page.getByTestId('checks-welcome');
    this.health = page.getByTestId('health');
    this.overview = page.getByTestId('check-overview');
    this.findings = page.getByTestId('findings');
    this.rows = this.findings.getByRole('listitem').filter({ has: page.locator('[data-open]') });
    this.view = page.getByTestId('finding-view');
    this.preview = page.getByTestId('fix-preview');
    this.apply = page.getByTestId('apply-fix');
    this.dismiss = page.getByTestId('dismiss');
    this.undo = page.getByRole('button', { name: 'Undo', exact: true });
  }

  /** A check's row in the overview. */
  row(check: string): Locator {
    return this.overview.locator(`[data-check="${check}"]`);
  }

  /** Runs all checks and waits for the end. */
  async runAll(): Promise<void> {
    await this.#page.getByTestId('run-all-first').or(this.#page.getByTestId('run-all')).first().click();
    await expect(this.health).toBeVisible({ timeout: 90_000 });
    await expect(this.#page.getByTestId('checks-running')).toBeHidden({ timeout: 90_000 });
  }

  /** Opens what a check found. */
  async open(check: string): Promise<void> {
    await this.#page.getByTestId(`open-${check}`).click();
    await expect(this.#page.getByTestId('fix-panel')).toBeVisible();
  }

  /** Back to the overview. */
  async back(): Promise<void> {
    await this.#page.getByRole('link', { name: 'All checks' }).click();
    await expect(this.health).toBeVisible();
  }
}
