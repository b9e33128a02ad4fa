/** The Augment screen. */
import { type Locator, type Page, expect } from '@playwright/test';

export class AugmentPage {
  readonly page: Page;
  readonly results: Locator;
  readonly augmented: Locator;
  readonly batch: Locator;
  readonly batchImages: Locator;
  readonly loupe: Locator;
  readonly preset: Locator;

  constructor(page: Page) {
    this.page = page;
    this.results = page.getByTestId('photo-results');
    this.augmented = page.getByTestId('augmented');
    this.batch = page.getByTestId('batch');
    this.batchImages = page.getByTestId('batch-image');
    this.loupe = page.getByTestId('tile-loupe');
    this.preset = page.getByTestId('preset');
  }

  /** An augmentation's switch. */
  switchOf(id: string): Locator {
    return this.page.getByTestId(`augmentation-${id}`).getByRole('switch');
  }

  /** The handles of a parameter's slider. */
  slider(param: string): Locator {
    return this.page.getByTestId(`slider-${param}`).getByRole('slider');
  }

  /** The address of the pictures shown now. */
  async sheet(): Promise<string> {
    return (await this.page.locator('[data-sheet]').getAttribute('data-sheet'))!;
  }

  /** Does something that changes the pictures, and waits for them. */
  async changing(work: () => Promise<unknown>): Promise<void> {
    const before = await this.sheet();
    await work();
    await expect.poll(() => this.sheet()).not.toBe(before);
  }

  /** The pixels of a sheet, as text that can be compared. */
  async pixels(address?: string): Promise<string> {
    const wanted = address ?? (await this.sheet());
    return this.page.evaluate(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      const context = canvas.getContext('2d')!;
      context.drawImage(image, 0, 0);
      const bytes = context.getImageData(0, 0, canvas.width, canvas.height).data;
      const digest = await crypto.subtle.digest('SHA-256', bytes);
      return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    }, wanted);
  }

  async choosePreset(label: string): Promise<void> {
    await this.preset.click();
    await this.page.getByRole('option', { name: label, exact: true }).click();
  }
}
