import { type Locator, type Page, expect } from '@playwright/test';

/** Settings by the term of their row. */
type Settings = Partial<
  Record<'epoch' | 'batch' | 'stepsPerEpoch' | 'learningRate' | 'imageSize' | 'seed', number>
>;

export class TrainPage {
  readonly trainButton: Locator;
  readonly settings: Locator;
  readonly monitor: Locator;
  readonly status: Locator;
  readonly outcome: Locator;
  readonly testAccuracy: Locator;
  readonly pause: Locator;
  readonly stop: Locator;
  readonly newRun: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.trainButton = page.getByTestId('train');
    this.settings = page.getByTestId('settings');
    this.monitor = page.getByTestId('run-monitor');
    this.status = page.getByTestId('run-status');
    this.outcome = page.getByTestId('run-outcome');
    this.testAccuracy = page.getByTestId('test-accuracy');
    this.pause = page.getByTestId('pause');
    this.stop = page.getByTestId('stop');
    this.newRun = page.getByTestId('new-run');
  }

  /** Opens the settings where they are closed, and fills some in. */
  async set(settings: Settings): Promise<void> {
    await expect(this.trainButton).toBeVisible();
    if (!(await this.settings.isVisible())) await this.#page.getByTestId('toggle-settings').click();
    for (const [term, value] of Object.entries(settings)) {
      const input = this.#page
        .getByTestId(`setting-${term}`)
        .or(this.#page.locator(`[data-testid="setting-${term}"] input`));
      await input.last().fill(String(value));
    }
    // The plan answers what was typed.
    if (settings.epoch !== undefined)
      await expect(this.#page.getByText(`${settings.epoch} epochs of`)).toBeVisible();
  }

  /** What the plan says about a term, e.g. `epoch`. */
  fact(term: string): Locator {
    return this.#page.locator(`[data-fact="${term}"]`);
  }

  /** The control of a setting. */
  setting(term: string): Locator {
    return this.#page.getByTestId(`setting-${term}`);
  }

  /** Opens the settings where they are closed, and chooses a recipe by its label. */
  async chooseRecipe(label: string): Promise<void> {
    await this.set({});
    await this.setting('recipe').click();
    await this.#page.getByRole('option', { name: label, exact: true }).click();
  }

  async start(): Promise<void> {
    await expect(this.trainButton).toBeEnabled();
    await this.trainButton.click();
    await expect(this.monitor).toBeVisible();
  }

  /** The epoch whose values stand above the accuracy curves; 0 before the first. */
  async epoch(): Promise<number> {
    const text = await this.#page.getByTestId('chart-accuracy').locator('header').innerText();
    return Number(/epoch (\d+)/.exec(text)?.[1] ?? 0);
  }

  async waitForEpoch(epoch: number): Promise<void> {
    await expect.poll(() => this.epoch(), { timeout: 90_000 }).toBeGreaterThanOrEqual(epoch);
  }

  /** The accuracy curves as pixels. */
  async curve(): Promise<string> {
    return this.#page
      .getByTestId('chart-accuracy')
      .locator('canvas')
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  }

  async waitForOutcome(): Promise<void> {
    await expect(this.outcome).toBeVisible({ timeout: 120_000 });
    await expect(this.testAccuracy).toBeVisible();
  }
}
