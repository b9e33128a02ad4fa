/** The component gallery: every shared component is in it, in both themes, without an error and for everybody. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { type PreviewServer, build, preview } from 'vite';
import { expectAccessible } from '../support/accessible.ts';
import { pictures } from '../support/screenshots.ts';
import { watch } from '../support/test.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const components = readdirSync(join(root, 'src-renderer/shared/components'), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.vue'))
  .map((file) => basename(file, '.vue'))
  .sort();

const test = base.extend<object, { readonly gallery: string }>({
  gallery: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads which fixtures are wanted from this pattern
    async ({}, use) => {
      const config = {
        configFile: join(root, 'src-renderer/vite.gallery.config.ts'),
        logLevel: 'warn',
      } as const;
      await build(config);
      const server: PreviewServer = await preview({ ...config, preview: { port: 0, host: '127.0.0.1' } });
      await use(`${server.resolvedUrls?.local[0]}gallery/index.html`);
      await server.close();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});

test('shows every shared component in its states, light and dark', async ({ page, gallery }) => {
  const guard = watch(page, gallery);
  await page.goto(gallery);
  const shown = page.locator('[data-component]');
  await expect(shown).toHaveCount(components.length);
  for (const theme of ['Light', 'Dark'] as const) {
    await page.getByRole('radio', { name: theme }).check({ force: true });
    await expect(page.locator('html')).toHaveClass(theme === 'Dark' ? /\bdark\b/ : /^(?!.*\bdark\b)/);
    const names = await shown.evaluateAll((all) => all.map((one) => one.getAttribute('data-component')));
    expect(names.sort()).toEqual(components);
    for (const name of components) {
      const states = page.locator(`[data-component="${name}"] [data-specimen]`);
      expect(await states.count(), `states of ${name}`).toBeGreaterThan(0);
      for (const state of await states.all()) {
        const drawn = state.locator('> :not([data-specimen-name])').first();
        const what = (await state.getAttribute('data-specimen')) ?? '';
        // A list of nothing takes no room.
        if (what.startsWith('empty')) await expect(drawn, `${name}, ${what}`).toBeAttached();
        else await expect(drawn, `${name}, ${what}`).toBeVisible();
      }
    }
  }
  await page.getByRole('radio', { name: 'System' }).check({ force: true });
  await expectAccessible(page, 'the gallery', { everyImpact: true });
  await pictures(page, 'gallery');
  guard.assertClean();
});
