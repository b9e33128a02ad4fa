/** The whole app as a user sees it. */
import { type Locator, type Page, expect } from '@playwright/test';
import { AugmentPage } from './augment-page.ts';
import { CheckPage } from './check-page.ts';
import { ImagesPage } from './images-page.ts';
import { ResultsPage } from './results-page.ts';
import { StartPage } from './start-page.ts';
import { TrainPage } from './train-page.ts';
import { UsePage } from './use-page.ts';

export const screens = [
  'start',
  'images',
  'check',
  'map',
  'augment',
  'train',
  'results',
  'explain',
  'use',
] as const;
export type ScreenName = (typeof screens)[number];

export class AppPage {
  readonly page: Page;
  readonly start: StartPage;
  readonly images: ImagesPage;
  readonly check: CheckPage;
  readonly augment: AugmentPage;
  readonly train: TrainPage;
  readonly results: ResultsPage;
  readonly use: UsePage;
  readonly error: Locator;

  constructor(page: Page) {
    this.page = page;
    this.start = new StartPage(page);
    this.images = new ImagesPage(page);
    this.check = new CheckPage(page);
    this.augment = new AugmentPage(page);
    this.train = new TrainPage(page);
    this.results = new ResultsPage(page);
    this.use = new UsePage(page);
    this.error = page.getByTestId('error');
  }

  /** Opens a screen by the rail. */
  async go(screen: ScreenName): Promise<void> {
    await this.page.locator(`[data-step="${screen}"]`).click();
    const heading = screen.charAt(0).toUpperCase() + screen.slice(1);
    await expect(this.page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
  }
}
