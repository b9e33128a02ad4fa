/** Whether everyone can use what the page shows now. */
import { AxeBuilder } from '@axe-core/playwright';
import { type Page, expect } from '@playwright/test';

interface Options {
  /** Selects the part of the page that is looked at; all of it without. */
  readonly within?: string;
  /** Violations of every impact count, not only serious and critical ones. */
  readonly everyImpact?: boolean;
  /** Only rules with one of these tags. */
  readonly tags?: string[];
}

/** Switches the theme, and waits until the colours have changed. */
export async function setTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await expect(page.locator('html')).toHaveClass(theme === 'dark' ? /\bdark\b/ : /^(?!.*\bdark\b)/);
  await page.evaluate(async () => {
    const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(transitions.map(({ finished }) => finished));
  });
}

/**
 * Runs axe in the light theme, and its rules of contrast, the only ones that colours decide, in the dark theme as well.
 * The page is in the light theme afterwards.
 */
export async function expectAccessible(page: Page, where: string, options: Options = {}): Promise<void> {
  const { within, everyImpact = false, tags } = options;
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    const axe = new AxeBuilder({ page });
    if (within !== undefined) axe.include(within);
    if (theme === 'dark') axe.withRules(['color-contrast', 'link-in-text-block']);
    else if (tags !== undefined) axe.withTags(tags);
    const { violations } = await axe.analyze();
    const counted = violations.filter(
      ({ impact }) => everyImpact || impact === 'serious' || impact === 'critical',
    );
    const found = counted.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    expect(found, `axe: ${where}, ${theme}`).toEqual([]);
  }
  await setTheme(page, 'light');
}
