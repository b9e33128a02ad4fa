import { test, expect } from './support/test.ts';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
test('prof', async ({ app, server, page }) => {
  const folder = join(server.home, 'Cats and dogs');
  await cp('/work/shared/data/cats_and_dogs_original', folder, { recursive: true });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('augment');
  await expect(app.augment.augmented).toHaveCount(15);
  page.on('console', (m) => { if (m.text().startsWith('PROF')) console.log(m.text()); });
  for (let i = 0; i < 14; i++) {
    await app.augment.changing(() => app.augment.slider('rotation_range').press('ArrowRight'));
  }
});
