import { cp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  pictureAddress,
  thumbnailAddress,
  uploadAddress,
  uploadedPictureAddress,
} from '../../../../src-main/contract/shared/media.ts';
import { projectKey } from '../../../../src-main/services/base/project-key.ts';
import { listUpload } from '../../../../src-main/services/base/uploads.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { classFolders, cornerPicture, noisePicture, writeFiles } from '../../../fixtures/photos/photos.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';

let open: TestCore;
let photos: string;
beforeEach(async () => {
  open = await openTestCore();
  photos = join(open.folder, 'photos');
});
afterEach(() => open.close());

const ask = (path: string, init?: RequestInit) =>
  open.core.media(new Request(`http://localhost/${path}`, init));

async function put(id: string, path: string, body: Uint8Array | string): Promise<Response> {
  return ask(uploadAddress(id, path), { method: 'PUT', body: body as BodyInit });
}

async function sizeOf(response: Response): Promise<string> {
  const { format, width, height } = await sharp(await response.bytes()).metadata();
  return `${format} ${width}×${height}`;
}

/** Imports one picture among others and gives its id. */
async function importOne(path: string, bytes: Buffer): Promise<number> {
  await writeFiles(photos, { ...(await classFolders('', { cats: 1, dogs: 1 })), [path]: bytes });
  await open.core.imports.importPaths([photos]);
  const [id] = await open.client.datasets.listImages({ text: path });
  return id;
}

/** Where the page looks for a photo now. */
async function addressesOf(id: number) {
  const [version] = await open.client.datasets.photoVersions({ ids: [id] });
  const photo = { project: projectKey(open.core.projects.get()), id, version: version! };
  return { thumbnail: thumbnailAddress(photo), picture: pictureAddress(photo) };
}

describe('pictures', () => {
  test('a thumbnail is small and upright, a picture at most 2048 pixels, in a format every browser shows', async () => {
    const sideways = await cornerPicture(4000, 3000)
      .withMetadata({ orientation: 6 })
      .tiff({ compression: 'lzw' })
      .toBuffer();
    const id = await importOne('cats/large.tiff', sideways);
    const thumbnail = await ask(`media/thumbnail/${id}`);
    expect(thumbnail.headers.get('content-type')).toBe('image/jpeg');
    expect(thumbnail.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await sizeOf(thumbnail)).toBe('jpeg 192×256');
    expect(await sizeOf(await ask(`media/picture/${id}`))).toBe('jpeg 1536×2048');
  });

  test('HEIC can be looked at', async (context) => {
    const folder = sharedData('odd/generated');
    if (folder === null) return context.skip('no HEIC can be made here, and the test data is not there');
    const id = await importOne('cats/photo.heic', await readFile(join(folder, 'photo.heic')));
    expect(await sizeOf(await ask(`media/picture/${id}`))).toBe('jpeg 400×300');
  });

  test('what a browser has it need not ask for again; a changed file has another address', async () => {
    const id = await importOne('cats/one.jpg', await noisePicture(1));
    const before = await addressesOf(id);
    for (const address of [before.thumbnail, before.picture]) {
      expect((await ask(address)).headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    }
    await importOne('cats/one.jpg', await noisePicture(2));
    const after = await addressesOf(id);
    expect(after.thumbnail).not.toBe(before.thumbnail);
    expect((await ask(after.picture)).status).toBe(200);
    const old = await ask(before.picture);
    expect(old.status).toBe(404);
    expect(old.headers.get('cache-control')).toBe('no-store');
  });

  test('a file that was changed since the import is shown, but not kept under the old address', async () => {
    const id = await importOne('cats/one.jpg', await noisePicture(1));
    const { picture, thumbnail } = await addressesOf(id);
    await rm(join(open.core.projects.get().cacheFolder, 'index.db'), { force: true });
    await writeFiles(photos, { 'cats/one.jpg': await noisePicture(2) });
    for (const address of [picture, thumbnail]) {
      const answer = await ask(address);
      expect(answer.status).toBe(200);
      if (address === picture) expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    // Another time alone does not make it another photo: a copied folder has one.
    await writeFiles(photos, { 'cats/one.jpg': await noisePicture(1) });
    expect((await ask(picture)).headers.get('cache-control')).toContain('immutable');
  });

  test('the address of another project’s photo is answered with PROJECT_CHANGED, never with a picture', async () => {
    const id = await importOne('cats/one.jpg', await noisePicture(1));
    const first = open.core.projects.get().folder;
    const { thumbnail, picture } = await addressesOf(id);
    const { id: upload } = await open.client.datasets.beginUpload({ name: 'one' });
    await put(upload, 'a.jpg', await noisePicture(3));
    const uploaded = uploadedPictureAddress(projectKey(open.core.projects.get()), upload, 0);
    expect((await ask(uploaded)).status).toBe(200);

    await open.client.projects.create({ name: 'Another' });
    expect(await importOne('cats/one.jpg', await noisePicture(1))).toBe(id);
    for (const address of [thumbnail, picture, uploaded]) {
      const answer = await ask(address);
      expect(answer.status).toBe(409);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(await answer.json()).toMatchObject({ code: 'PROJECT_CHANGED' });
    }
    await open.core.projects.openFolder(first);
    expect((await ask(thumbnail)).status).toBe(200);
  });

  test('a copied project folder has addresses of its own', async () => {
    const id = await importOne('cats/one.jpg', await noisePicture(1));
    const { folder, id: projectId } = open.core.projects.get();
    const before = await addressesOf(id);
    await open.core.projects.close();
    await cp(folder, `${folder} copy`, { recursive: true, filter: (path) => !path.endsWith('project.lock') });
    await open.core.projects.openFolder(`${folder} copy`);
    expect(open.core.projects.get().id).toBe(projectId);
    expect((await ask(before.thumbnail)).status).toBe(409);
    expect((await ask((await addressesOf(id)).thumbnail)).status).toBe(200);
  });

  test('addresses of earlier versions are answered, and kept by nobody', async () => {
    const id = await importOne('cats/one.jpg', await noisePicture(1));
    for (const what of ['thumbnail', 'picture']) {
      const answer = await ask(`media/${what}/${id}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('etag')).toBeNull();
    }
  });

  test('with the cache deleted thumbnails are made again; with the original gone, from its tile', async () => {
    const id = await importOne('cats/wide.png', await cornerPicture(600, 300).png().toBuffer());
    const { cacheFolder } = open.core.projects.get();
    await rm(cacheFolder, { recursive: true });
    expect(await sizeOf(await ask(`media/thumbnail/${id}`))).toBe('jpeg 256×128');
    await rm(join(cacheFolder, 'thumbnails.pack'));
    await open.core.imports.importPaths([photos]);
    await open.client.projects.current();
    await rename(photos, `${photos}-gone`);
    expect((await ask(`media/picture/${id}`)).status).toBe(404);
    expect(await (await ask(`media/picture/${id}`)).json()).toMatchObject({ code: 'IMAGE_MISSING' });
  });

  test('the last resort: a thumbnail from the training tile', async () => {
    const id = await importOne('cats/wide.png', await cornerPicture(600, 300).png().toBuffer());
    const { folder } = open.core.projects.get();
    await rename(photos, `${photos}-gone`);
    const { DatabaseSync } = await import('node:sqlite');
    const index = new DatabaseSync(join(folder, 'cache/index.db'));
    index.exec('DELETE FROM thumbnail');
    index.close();
    const thumbnail = await ask(`media/thumbnail/${id}`);
    expect(await sizeOf(thumbnail)).toBe('jpeg 256×128');
  });

  test.each([
    'media/thumbnail/999999',
    'media/thumbnail/1;DROP',
    'media/thumbnail/../../etc/passwd',
    'media/nothing/1',
    'media/thumbnail/1/0123456789abcdef',
    'media/picture/',
    'elsewhere',
  ])('%s is not found', async (path) => {
    expect((await ask(path)).status).toBe(404);
  });

  test('without a project there is nothing', async () => {
    await open.core.projects.close();
    expect(await (await ask('media/thumbnail/1')).json()).toMatchObject({ code: 'PROJECT_NOT_OPEN' });
  });
});

describe('uploads', () => {
  test('dropped folders arrive whole, are imported, and can be dropped again without harm', async () => {
    const files = await classFolders('pets/train/', { cats: 5, 'dögs 犬': 5 });
    const drop = async () => {
      const { id } = await open.client.datasets.beginUpload({ name: 'pets' });
      for (const [path, bytes] of Object.entries(files))
        expect((await put(id, path, bytes)).status).toBe(204);
      await open.client.datasets.startImport({ uploads: [id] });
      await open.core.imports.idle();
      return id;
    };
    const first = await drop();
    expect(await open.client.datasets.importState()).toMatchObject({
      status: 'done',
      added: 10,
      source: 'pets',
    });
    const { folder, uploadsFolder } = open.core.projects.get();
    const [path, bytes] = Object.entries(files)[0];
    expect((await readFile(join(uploadsFolder, first, path))).equals(bytes)).toBe(true);
    const second = await drop();
    expect(await open.client.datasets.importState()).toMatchObject({ added: 0, known: 10 });
    // The second copies are not needed.
    expect(await listUpload(open.core.projects.get(), second)).toEqual([]);

    // Unless the first ones are gone: then they take their place.
    await rm(join(uploadsFolder, first, 'pets/train/cats'), { recursive: true });
    const third = await drop();
    expect(await open.client.datasets.importState()).toMatchObject({ added: 0, known: 10 });
    const kept = await listUpload(open.core.projects.get(), third);
    expect(kept.map((file) => dirname(file.path))).toEqual(Array(5).fill('pets/train/cats'));

    // A project folder may be moved: its uploads move with it.
    await open.core.projects.close();
    await rename(folder, `${folder}-moved`);
    await open.core.projects.openFolder(`${folder}-moved`);
    await rm(join(`${folder}-moved`, 'cache'), { recursive: true });
    const [id] = await open.client.datasets.listImages({});
    expect((await ask(`media/picture/${id}`)).status).toBe(200);
  });

  test('uploaded files can be looked at by their place', async () => {
    const key = projectKey(open.core.projects.get());
    const { id } = await open.client.datasets.beginUpload({ name: 'two' });
    await put(id, 'b.png', await cornerPicture(30, 20).png().toBuffer());
    await put(id, 'a.png', await cornerPicture(50, 40).png().toBuffer());
    expect((await listUpload(open.core.projects.get(), id)).map(({ path }) => path)).toEqual([
      'a.png',
      'b.png',
    ]);
    expect(await sizeOf(await ask(uploadedPictureAddress(key, id, 0)))).toBe('jpeg 50×40');
    expect(await sizeOf(await ask(uploadedPictureAddress(key, id, 1)))).toBe('jpeg 30×20');
    expect((await ask(uploadedPictureAddress(key, id, 2))).status).toBe(404);
    expect((await ask(`media/upload/${id}/-1`)).status).toBe(404);
  });

  test('nothing gets out of the upload’s folder', async () => {
    const { id } = await open.client.datasets.beginUpload({ name: 'evil' });
    for (const path of ['../escaped.jpg', '/tmp/escaped.jpg', 'a/../../escaped.jpg', 'a\0.jpg', '']) {
      const answer = await put(id, path, 'x');
      expect(await answer.json()).toMatchObject({ code: 'UPLOAD_INVALID' });
      expect(answer.status).toBe(400);
    }
    for (const other of ['upload-unknown', '..', '.', 'upload-../x']) {
      expect((await put(encodeURIComponent(other), 'a.jpg', 'x')).status).toBe(404);
    }
    expect(await readdir(join(open.core.projects.get().uploadsFolder, id))).toEqual([]);
    expect(existsSync(join(open.core.projects.get().uploadsFolder, 'escaped.jpg'))).toBe(false);
  });

  test('a broken connection leaves nothing behind', async () => {
    const { id } = await open.client.datasets.beginUpload({ name: 'broken' });
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(1000));
        controller.error(new Error('connection lost'));
      },
    });
    const answer = await ask(uploadAddress(id, 'a.jpg'), {
      method: 'PUT',
      body,
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await readdir(join(open.core.projects.get().uploadsFolder, id))).toEqual([]);
  });

  test('what is too large is refused by its announced length and by its bytes', async () => {
    const { id } = await open.client.datasets.beginUpload({ name: 'large' });
    const announced = await ask(uploadAddress(id, 'a.jpg'), {
      method: 'PUT',
      headers: { 'content-length': String(400 * 1024 * 1024) },
      body: 'x',
    });
    expect(announced.status).toBe(413);
    const block = new Uint8Array(32 * 1024 * 1024);
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(block) });
    const endless = await ask(uploadAddress(id, 'a.jpg'), {
      method: 'PUT',
      body,
      duplex: 'half',
    } as RequestInit);
    expect(endless.status).toBe(413);
    expect(await readdir(join(open.core.projects.get().uploadsFolder, id))).toEqual([]);
  });

  test('only PUT', async () => {
    const { id } = await open.client.datasets.beginUpload({ name: 'x' });
    expect((await ask(uploadAddress(id, 'a.jpg'), { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await ask('media/thumbnail/1', { method: 'DELETE' })).status).toBe(405);
  });
});
