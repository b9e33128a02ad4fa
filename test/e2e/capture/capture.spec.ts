/** Photos from the camera, from videos, from the clipboard and from web addresses. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { AppPage } from '../pages/app-page.ts';
import { expectAccessible } from '../support/accessible.ts';
import { dropPaths } from '../support/drop.ts';
import { drawFolder, drawPicture } from '../support/photos.ts';
import { picture, pictures } from '../support/screenshots.ts';
import { LensletServer } from '../support/server.ts';
import { expect, test, watch } from '../support/test.ts';

async function newProject(app: AppPage): Promise<void> {
  await app.start.create('Camera shots');
  await expect(app.page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
}

const bursts = (page: Page) => page.getByTestId('bursts').locator(':scope > li');

async function openCamera(page: Page): Promise<void> {
  await page.getByTestId('open-camera').first().click();
  await expect(page.getByTestId('shutter')).toBeEnabled();
}

async function newClass(page: Page, name: string): Promise<void> {
  const field = page.getByTestId('new-class-name');
  await field.or(field.locator('input')).last().fill(name);
  await page.keyboard.press('Enter');
}

/** Holds Space until so many photos were taken, and waits until they are in the project. */
async function burst(page: Page, photos: number): Promise<number> {
  const before = await bursts(page).count();
  await page.keyboard.down('Space');
  await expect
    .poll(async () => Number(/(\d+) taken/.exec(await page.getByTestId('shutter').innerText())?.[1] ?? 0))
    .toBeGreaterThanOrEqual(photos);
  await page.keyboard.up('Space');
  await expect(bursts(page)).toHaveCount(before + 1);
  await expect(bursts(page).first()).toHaveAttribute('data-state', 'saved');
  return Number(await bursts(page).first().getAttribute('data-photos'));
}

/** Whether the camera that the page shows now is on. */
const cameraTrack = (page: Page) =>
  page.evaluateHandle(() => {
    const source = document.querySelector<HTMLVideoElement>(
      '[data-testid="camera-picture"] video',
    )!.srcObject;
    return (source as MediaStream).getVideoTracks()[0];
  });

/** A video that the browser records of a canvas: every frame looks different. */
async function recordVideo(page: Page, seconds: number): Promise<Buffer> {
  const video = await page.evaluate(async (length) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [320, 240];
    const context = canvas.getContext('2d')!;
    const began = performance.now();
    const draw = (): void => {
      const t = (performance.now() - began) / 1000;
      context.fillStyle = `hsl(${t * 90} 60% 45%)`;
      context.fillRect(0, 0, 320, 240);
      context.fillStyle = 'white';
      context.fillRect((t * 97) % 300, (t * 61) % 220, 24, 24);
    };
    draw();
    const drawing = setInterval(draw, 30);
    const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: 'video/webm;codecs=vp8' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    await new Promise((resolve) => setTimeout(resolve, length * 1000));
    recorder.stop();
    await stopped;
    clearInterval(drawing);
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  }, seconds);
  return Buffer.from(video);
}

test('a burst with Space held is labelled, one group, undoable, and there after a reload', async ({
  app,
  page,
}) => {
  await newProject(app);
  await openCamera(page);
  await newClass(page, 'mug');
  await page.getByRole('radiogroup', { name: 'Photos per second' }).getByText('10').click();
  const track = await cameraTrack(page);
  const first = await burst(page, 12);
  expect(first).toBeGreaterThanOrEqual(12);
  await newClass(page, 'hand');
  // The name is typed, and Space takes photos again.
  const second = await burst(page, 10);
  await expect(page.getByTestId('taken')).toHaveText(`${first + second} photos`);
  await picture(page, 'camera-burst-light-1280x800');

  await page.getByTestId('undo-burst').click();
  await expect(bursts(page).first()).toHaveAttribute('data-state', 'undone');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('camera-dialog')).toBeHidden();
  expect(await track.evaluate(({ readyState }) => readyState)).toBe('ended');

  const photosOf = (name: string): Locator =>
    page.getByTestId('palette').locator(`[data-class="${name}"] [data-count]`);
  await expect(photosOf('mug')).toHaveText(String(first));
  await page.reload();
  await expect(photosOf('mug')).toHaveText(String(first));
  await expect(photosOf('hand')).toHaveText('0');
  // Undoing the undo: the journal has it.
  await page.getByTestId('undo').click();
  await expect(photosOf('mug')).toHaveText(String(first));
  await expect(photosOf('hand')).toHaveText(String(second));

  // By its name it is told that they belong together.
  await app.images.tiles.first().click();
  await expect(app.images.details).toContainText('burst 0001');
});

test('a refused camera says why and what to do', async ({ playwright, server }) => {
  const { executablePath = '', args = [] } = test.info().project.use.launchOptions ?? {};
  // The other tests run in a browser that says yes to everything; this one asks.
  const asked = args.filter((arg) => arg !== '--use-fake-ui-for-media-stream');
  const browser = await playwright.chromium.launch({ executablePath, args: asked });
  try {
    // Whatever is not granted here is refused.
    const permissions = ['notifications'];
    const page = await browser.newPage({ permissions, viewport: { width: 1280, height: 800 } });
    const guard = watch(page, server.origin);
    await page.goto(server.url);
    await newProject(new AppPage(page));
    await page.getByTestId('open-camera').first().click();
    const trouble = page.getByTestId('camera-trouble');
    await expect(trouble).toHaveAttribute('data-code', 'CAMERA_REFUSED');
    await expect(trouble).toContainText('The camera is not allowed.');
    await expect(trouble).toContainText('Allow it for this page');
    await expect(page.getByTestId('shutter')).toBeDisabled();
    await picture(page, 'camera-refused-light-1280x800');
    guard.assertClean();
  } finally {
    await browser.close();
  }
});

test('a missing and a busy camera say so, and trying again works', async ({ app, page }) => {
  await page.evaluate(() => {
    const devices = navigator.mediaDevices;
    const real = devices.getUserMedia.bind(devices);
    const failures = ['NotFoundError', 'NotReadableError'];
    // What no machine of tests can do: have a camera that is not there, then one that another program holds.
    devices.getUserMedia = (wanted) => {
      const name = failures.shift();
      return name === undefined ? real(wanted) : Promise.reject(new DOMException('in use', name));
    };
  });
  await newProject(app);
  await page.getByTestId('open-camera').first().click();
  const trouble = page.getByTestId('camera-trouble');
  await expect(trouble).toHaveAttribute('data-code', 'CAMERA_NONE');
  await trouble.getByRole('button', { name: 'Try again' }).click();
  await expect(trouble).toHaveAttribute('data-code', 'CAMERA_BUSY');
  await trouble.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('shutter')).toBeEnabled();
});

test('frames of a video that was dropped among photos', async ({ app, page, server }) => {
  await newProject(app);
  const folder = join(server.home, 'mixed');
  await drawFolder(folder, { circles: 2 });
  const video = await recordVideo(page, 3);
  await writeFile(join(folder, 'my video.webm'), video);
  await dropPaths(page.getByTestId('drop-area'), [
    join(folder, 'circles', 'circles 0.jpg'),
    join(folder, 'circles', 'circles 1.jpg'),
    join(folder, 'my video.webm'),
  ]);
  await expect(page.getByTestId('video-sentence')).toContainText('take frames of a video');
  const take = page.getByTestId('take-frames');
  await expect(take).toBeEnabled();
  const amount = page.getByTestId('video-amount');
  await amount.or(amount.locator('input')).last().fill('4');
  await newClass(page, 'square');
  const planned = Number(/^(\d+) frames/.exec(await page.getByTestId('video-plan').innerText())?.[1]);
  // Three seconds, four frames a second.
  expect(planned).toBeGreaterThanOrEqual(11);
  expect(planned).toBeLessThanOrEqual(14);
  await picture(page, 'video-light-1280x800');
  await take.click();
  await expect(page.getByTestId('video-outcome')).toContainText(`${planned} frames in square`);
  await picture(page, 'video-done-light-1280x800');
  await page.getByRole('button', { name: 'Done' }).click();
  // The photos beside it came in as well.
  await expect(app.images.tiles).toHaveCount(planned + 2);
  const row = page.getByTestId('palette').locator('[data-class="square"]');
  await expect(row.locator('button[aria-pressed]')).toContainText(String(planned));

  // Half of it, then cancelled: nothing of that stays.
  await page.getByTestId('capture-menu').click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: 'Frames of a video' }).click();
  await (
    await chooser
  ).setFiles({ name: 'broken.mp4', mimeType: 'video/mp4', buffer: video.subarray(0, 40) });
  await expect(page.getByTestId('error')).toHaveAttribute('data-code', 'VIDEO_UNPLAYABLE');
  await expect(page.getByTestId('error')).toContainText('Save it as MP4 (H.264) or WebM');
});

test.describe('the clipboard', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });
  const copyPicture = (page: Page, colour: string): Promise<void> =>
    page.evaluate(async (fill) => {
      const canvas = new OffscreenCanvas(120, 90);
      const context = canvas.getContext('2d')!;
      context.fillStyle = fill;
      context.fillRect(0, 0, 120, 90);
      context.fillStyle = 'white';
      context.fillRect(20, 20, 30, 40);
      const png = await canvas.convertToBlob({ type: 'image/png' });
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
    }, colour);

  test('a pasted image goes to the inbox, or into the class that is shown; an address is asked about', async ({
    app,
    page,
    server,
  }) => {
    const folder = join(server.home, 'Shapes');
    await drawFolder(folder, { circles: 3, stripes: 3 });
    await app.start.drop([folder]);
    await app.images.waitForImport();
    await copyPicture(page, 'crimson');
    await page.keyboard.press('ControlOrMeta+v');
    await expect(page.getByText('Pasted 1 image to the photos without a class').first()).toBeVisible();
    await expect(app.images.tiles).toHaveCount(7);
    await page.getByTestId('palette').locator('[data-class="stripes"] button[aria-pressed]').click();
    await expect(app.images.tiles).toHaveCount(3);
    await copyPicture(page, 'teal');
    await page.keyboard.press('ControlOrMeta+v');
    await expect(page.getByText('Pasted 1 image to stripes, the class that is shown').first()).toBeVisible();
    await expect(app.images.tiles).toHaveCount(4);

    await page.evaluate(() => navigator.clipboard.writeText('https://example.org/cat.jpg'));
    await page.keyboard.press('ControlOrMeta+v');
    await expect(page.getByTestId('web-plan')).toContainText('Lenslet will contact example.org');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('web-dialog')).toBeHidden();
  });

  test('on Use it is predicted', async ({ trained }) => {
    await trained.go('use');
    await copyPicture(trained.page, 'navy');
    await trained.page.keyboard.press('ControlOrMeta+v');
    await expect(trained.use.predictions.first()).toContainText('pasted', { timeout: 60_000 });
    await expect(trained.use.predictions.first().getByTestId('prediction-label')).not.toBeEmpty();
    const file = trained.page.waitForEvent('download');
    await trained.page.getByRole('button', { name: 'CSV' }).click();
    const table = await readFile(await (await file).path(), 'utf8');
    expect(table).toMatch(/^image,run,label,probability,unknown,circles,stripes,triangles\r\npasted /);

    // What cannot be predicted takes nothing away of what was.
    await trained.page.route('**/upload/**', (route) => route.abort('connectionreset'));
    await trained.page.keyboard.press('ControlOrMeta+v');
    await expect(trained.page.getByTestId('error')).toBeVisible();
    await trained.page.getByRole('button', { name: 'Dismiss this message' }).click();
    await expect(trained.page.getByTestId('error')).toBeHidden();
    await expect(trained.use.predictions).toHaveCount(1);
  });
});

test('photos from web addresses: each with its own outcome, private servers not contacted', async ({
  page,
}) => {
  const jpeg = await drawPicture('circles', 1);
  const asked: string[] = [];
  const pictures = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/page') response.setHeader('content-type', 'image/jpeg').end('<html>a page</html>');
    else if (request.url === '/huge.jpg') response.writeHead(200, { 'content-length': 9e9 }).end(jpeg);
    else if (request.url === '/gone.jpg') response.writeHead(404).end();
    else response.end(jpeg);
  });
  await new Promise<void>((resolve) => pictures.listen(0, '127.0.0.1', resolve));
  const there = `http://127.0.0.1:${(pictures.address() as AddressInfo).port}`;
  const server = await LensletServer.start({ LENSLET_PICTURE_SERVERS: '127.0.0.1' });
  try {
    const guard = watch(page, server.origin);
    await page.goto(server.url);
    const app = new AppPage(page);
    await newProject(app);
    await page.getByTestId('capture-menu').first().click();
    await page.getByRole('menuitem', { name: 'Web addresses' }).click();
    const field = page.getByTestId('web-addresses');
    await field
      .or(field.locator('textarea'))
      .last()
      .fill(
        [
          `${there}/cat.jpg`,
          `${there}/page`,
          `${there}/huge.jpg`,
          `${there}/gone.jpg`,
          'http://10.1.2.3/cat.jpg',
          'cats',
        ].join('\n'),
      );
    await expect(page.getByTestId('no-addresses')).toContainText('cats');
    expect(asked).toEqual([]);
    await newClass(page, 'circles');
    await picture(page, 'web-plan-light-1280x800');
    await page.getByTestId('web-fetch').click();
    await expect(page.getByTestId('web-outcome')).toContainText('1 photo fetched into circles, 4 failed');
    const rows = page.getByTestId('addresses').getByRole('listitem');
    const codes = ['ADDRESS_WEB_PAGE', 'ADDRESS_TOO_LARGE', 'ADDRESS_REFUSED', 'ADDRESS_PRIVATE'];
    await expect(rows.nth(0)).toHaveAttribute('data-status', 'fetched');
    for (const [i, code] of codes.entries()) await expect(rows.nth(i + 1)).toHaveAttribute('data-code', code);
    await expect(rows.nth(1)).toContainText(
      'The address is that of a web page, not of an image. Open the image itself',
    );
    await picture(page, 'web-outcome-light-1280x800');
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(app.images.tiles).toHaveCount(1);
    guard.assertClean();
  } finally {
    pictures.closeAllConnections();
    pictures.close();
    await server.close();
  }
});

test('the live camera predicts on Use, and a photo is kept and looked into', async ({ trained }) => {
  const { page } = trained;
  await trained.go('use');
  await page.getByTestId('live-start').click();
  const live = page.getByTestId('live-camera');
  await expect(live.getByTestId('prediction-label')).not.toBeEmpty({ timeout: 60_000 });
  await expect(live.getByTestId('live-pace')).toContainText('ms a photo');
  await picture(page, 'live-light-1280x800');
  await page.getByTestId('keep-photo').click();
  await expect(page.getByTestId('predictions').getByTestId('prediction')).toHaveCount(1);
  const track = await cameraTrack(page);
  await page.getByTestId('explain-photo').click();
  await expect(page.getByTestId('photo-chooser')).toContainText('camera 2', { timeout: 30_000 });
  expect(await track.evaluate(({ readyState }) => readyState)).toBe('ended');
});

test('camera, video and web addresses pass axe', async ({ app, page }) => {
  await newProject(app);
  const check = (where: string): Promise<void> => expectAccessible(page, where, { everyImpact: true });
  await pictures(page, 'welcome-camera');
  await openCamera(page);
  await newClass(page, 'mug');
  await burst(page, 3);
  await check('camera');
  await pictures(page, 'camera');
  await page.keyboard.press('Escape');
  const video = await recordVideo(page, 2);
  await page
    .getByTestId('video-input')
    .first()
    .setInputFiles({ name: 'video.webm', mimeType: 'video/webm', buffer: video });
  await expect(page.getByTestId('take-frames')).toBeEnabled();
  await check('video');
  await pictures(page, 'video');
  await page.keyboard.press('Escape');
  await page.getByTestId('capture-menu').first().click();
  await page.getByRole('menuitem', { name: 'Web addresses' }).click();
  await expect(page.getByTestId('web-dialog')).toBeVisible();
  await check('web addresses');
  await pictures(page, 'web');
});
