import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findBackbone } from '../../../../src-main/registries/backbones/index.ts';
import type { AppEvent } from '../../../../src-main/contract/app/app.ts';
import type { BackboneInfo } from '../../../../src-main/contract/app/backbones.ts';
import { resolveBackbone } from '../../../../src-main/services/backbones/resolve-backbone.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { type FileServer, fileServer } from '../../../fixtures/photos/file-server.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';
import { weightNamesOfSize, writeWeightNames } from '../../../fixtures/models/weights-file.ts';
import { codeOf } from '../../../fixtures/training-core.ts';

let here: TestCore;
let given: string;
let settings: string;
beforeEach(async () => {
  here = await openTestCore();
  settings = join(here.folder, 'settings');
  given = join(here.folder, 'given');
  mkdirSync(given);
  vi.stubEnv('LENSLET_BACKBONES', given);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await here.close();
});

/** A model.json with one shard, without any weights worth the name. */
function writeTfjs(folder: string, { network = 'mobilenet', alpha = 1, shard = true } = {}): string {
  mkdirSync(folder, { recursive: true });
  const modelTopology = findBackbone(network).network({ inputShape: [64, 64, 3], alpha });
  const weightsManifest = [{ paths: ['weights.bin'], weights: [] }];
  writeFileSync(
    join(folder, 'model.json'),
    JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }),
  );
  if (shard) writeFileSync(join(folder, 'weights.bin'), new Uint8Array(100));
  return join(folder, 'model.json');
}

const vggLayers = ['block1_conv1', 'block1_conv2', 'block5_conv3'];

function infoOf(list: readonly BackboneInfo[], reference: string): BackboneInfo {
  return list.find((info) => info.reference === reference)!;
}

describe('the list of backbones', () => {
  it('shows all networks, with the weights that were found by content', async () => {
    const path = writeTfjs(join(given, 'some-folder'));
    const vgg = await writeWeightNames(join(given, 'x.h5'), vggLayers);
    const list = await here.client.backbones.list();
    expect(list.map(({ reference }) => reference)).toEqual([
      'efficientnet-lite0',
      'efficientnet-lite1',
      'efficientnet-lite2',
      'mobilenet-v2',
      'efficientnet-b0',
      'mobilenet',
      'squeezenet',
      'resnet50',
      'vgg16',
    ]);
    expect(infoOf(list, 'mobilenet').file).toMatchObject({
      name: 'some-folder',
      removable: false,
      problem: null,
    });
    expect(infoOf(list, 'vgg16').file).toMatchObject({ name: 'x.h5', removable: false });
    expect(infoOf(list, 'resnet50')).toMatchObject({ file: null, official: { bytes: 94_765_736 } });
    expect(infoOf(list, 'squeezenet')).toMatchObject({ file: null, official: null });
    expect(await resolveBackbone(settings, 'mobilenet')).toEqual({ id: 'mobilenet', path });
    expect(await resolveBackbone(settings, 'vgg16')).toEqual({ id: 'vgg16', path: vgg });
    expect(await resolveBackbone(settings, join(given, 'some-folder'))).toEqual({ id: 'mobilenet', path });
  });

  it('prefers the usual width, and shows the others', async () => {
    writeTfjs(join(given, 'a-half'), { alpha: 0.5 });
    const usual = writeTfjs(join(given, 'b-usual'));
    expect((await resolveBackbone(settings, 'mobilenet')).path).toBe(usual);
    const { file, otherFiles } = infoOf(await here.client.backbones.list(), 'mobilenet');
    expect([file!.name, ...otherFiles.map(({ name }) => name)]).toEqual(['b-usual', 'a-half']);
  });

  it('remembers what files hold, until they change', async () => {
    const path = await writeWeightNames(join(given, 'x.h5'), vggLayers);
    expect(infoOf(await here.client.backbones.list(), 'vgg16').file).not.toBeNull();
    expect(existsSync(join(settings, 'recognised-models.json'))).toBe(true);
    rmSync(path);
    await writeWeightNames(path, ['conv4_block6_3_conv', 'conv5_block3_3_bn', 'conv1_conv', 'conv1_bn']);
    const list = await here.client.backbones.list();
    expect(infoOf(list, 'vgg16').file).toBeNull();
    expect(infoOf(list, 'resnet50').file).not.toBeNull();
  });

  it('shows a network of the user’s own, which can be chosen by its reference', async () => {
    const fixtures = join(import.meta.dirname, '../../../fixtures/keras-models/keras-3');
    vi.stubEnv('LENSLET_BACKBONES', join(fixtures, 'branches.keras'));
    const own = (await here.client.backbones.list()).at(-1)!;
    expect(own).toMatchObject({ known: false, label: 'branches.keras', defaultImageSize: 16 });
    expect(own.reference).not.toContain('/');
    const resolved = await resolveBackbone(settings, own.reference);
    expect(resolved).toEqual({ id: null, path: join(fixtures, 'branches.keras') });
  });

  it('says what is missing beside a model', async () => {
    writeTfjs(join(given, 'half'), { shard: false });
    const { file } = infoOf(await here.client.backbones.list(), 'mobilenet');
    expect(file!.problem).toMatchObject({ code: 'MODEL_SHARD_MISSING' });
    expect(await codeOf(resolveBackbone(settings, 'mobilenet'))).toBe('MODEL_SHARD_MISSING');
  });

  it('says where weights that are not there can be had', async () => {
    await expect(resolveBackbone(settings, 'vgg16')).rejects.toMatchObject({
      code: 'BACKBONE_WEIGHTS_MISSING',
      remedy: expect.stringContaining('storage.googleapis.com') as string,
    });
    expect(await codeOf(resolveBackbone(settings, 'nonsense'))).toBe('BACKBONE_UNKNOWN');
    const path = join(here.folder, 'gone.h5');
    expect(await codeOf(resolveBackbone(settings, path))).toBe('BACKBONE_NOT_CHOSEN');
    await here.core.nameBackbone(path);
    expect(await codeOf(resolveBackbone(settings, path))).toBe('MODEL_NOT_FOUND');
  });

  it('opens a file by its path when the user named it on this machine, from then on', async () => {
    const path = writeTfjs(join(here.folder, 'elsewhere'));
    expect(await codeOf(resolveBackbone(settings, path))).toBe('BACKBONE_NOT_CHOSEN');
    await here.core.nameBackbone(path);
    const again = await openTestCore({ project: false });
    await again.close();
    expect(await resolveBackbone(settings, path)).toEqual({ id: 'mobilenet', path });
    expect(await codeOf(resolveBackbone(settings, join(here.folder, 'other.h5')))).toBe(
      'BACKBONE_NOT_CHOSEN',
    );
  });
});

describe('adding and removing', () => {
  it('copies a folder in and takes it out again, leaving the original alone', async () => {
    const source = join(here.folder, 'elsewhere');
    writeTfjs(source);
    writeFileSync(join(source, 'notes.txt'), 'not part of the model');
    const list = await here.client.backbones.add({ picks: [here.core.context.pickedPaths.add(source)] });
    const { file } = infoOf(list, 'mobilenet');
    expect(file).toMatchObject({ name: 'elsewhere', removable: true });
    const copied = join(settings, 'backbones', 'elsewhere');
    expect(readdirSync(copied).sort()).toEqual(['model.json', 'weights.bin']);
    const after = await here.client.backbones.remove({ file: file!.id });
    expect(infoOf(after, 'mobilenet').file).toBeNull();
    expect(existsSync(copied)).toBe(false);
    expect(readdirSync(source)).toHaveLength(3);
  });

  it('takes an uploaded file', async () => {
    const { id } = await here.client.datasets.beginUpload({ name: 'weights' });
    const upload = join(here.core.context.project().uploadsFolder, id);
    await writeWeightNames(join(upload, 'vgg.h5'), vggLayers);
    const list = await here.client.backbones.add({ uploads: [id] });
    expect(infoOf(list, 'vgg16').file).toMatchObject({ name: 'vgg.h5', removable: true });
    expect(existsSync(upload)).toBe(false);
  });

  it.each([
    ['page.h5', '<html>', 'MODEL_FILE_INVALID'],
    ['photo.jpg', 'x', 'BACKBONE_NO_MODEL'],
  ])('refuses %s', async (name, content, code) => {
    const path = join(here.folder, name);
    writeFileSync(path, content);
    expect(
      await codeOf(here.client.backbones.add({ picks: [here.core.context.pickedPaths.add(path)] })),
    ).toBe(code);
    expect(existsSync(join(settings, 'backbones', name))).toBe(false);
  });

  it('refuses half a model and weights of an unknown network', async () => {
    const half = join(here.folder, 'half');
    writeTfjs(half, { shard: false });
    expect(
      await codeOf(here.client.backbones.add({ picks: [here.core.context.pickedPaths.add(half)] })),
    ).toBe('MODEL_SHARD_MISSING');
    const unknown = await writeWeightNames(join(here.folder, 'unknown.h5'), ['layer_1', 'layer_2']);
    expect(
      await codeOf(here.client.backbones.add({ picks: [here.core.context.pickedPaths.add(unknown)] })),
    ).toBe('MODEL_WEIGHTS_UNKNOWN');
  });

  it('never removes what is not its own', async () => {
    const path = writeTfjs(join(given, 'theirs'));
    const { file } = infoOf(await here.client.backbones.list(), 'mobilenet');
    expect(await codeOf(here.client.backbones.remove({ file: file!.id }))).toBe('BACKBONE_NOT_REMOVABLE');
    expect(existsSync(path)).toBe(true);
  });
});

describe('verifying', () => {
  /** A file that is still one after its last byte has changed. */
  const writePadded = async (path: string): Promise<string> => {
    writeFileSync(path, await weightNamesOfSize(path, vggLayers, 100_000));
    return path;
  };
  const flip = (path: string): void => {
    const content = readFileSync(path);
    content[content.length - 1] ^= 1;
    writeFileSync(path, content);
  };
  const pick = (path: string): string => here.core.context.pickedPaths.add(path);

  it('finds a byte that changed since the file was added, and takes another file at the same path', async () => {
    const source = await writePadded(join(here.folder, 'vgg.h5'));
    const { file } = infoOf(await here.client.backbones.add({ picks: [pick(source)] }), 'vgg16');
    const sha256 = createHash('sha256').update(readFileSync(source)).digest('hex');
    const verified = await here.client.backbones.verify({ file: file!.id });
    expect(verified).toEqual({ sha256, known: 'noted', proved: false });
    flip(join(settings, 'backbones', 'vgg.h5'));
    expect(await codeOf(here.client.backbones.verify({ file: file!.id }))).toBe('BACKBONE_CHANGED');
    await here.client.backbones.remove({ file: file!.id });
    flip(source);
    const again = infoOf(await here.client.backbones.add({ picks: [pick(source)] }), 'vgg16').file!;
    expect(again.id).toBe(file!.id);
    expect(await here.client.backbones.verify({ file: again.id })).toMatchObject({ known: 'noted' });
  });

  it('notes the hash of a file that came from elsewhere at the first look', async () => {
    const path = await writePadded(join(given, 'x.h5'));
    const { file } = infoOf(await here.client.backbones.list(), 'vgg16');
    expect(await here.client.backbones.verify({ file: file!.id })).toMatchObject({ known: 'first' });
    expect(await here.client.backbones.verify({ file: file!.id })).toMatchObject({ known: 'noted' });
    flip(path);
    expect(await codeOf(here.client.backbones.verify({ file: file!.id }))).toBe('BACKBONE_CHANGED');
    expect(await codeOf(here.client.backbones.verify({ file: 'file-unknown' }))).toBe('NOT_FOUND');
  });

  it('says what a download is compared with', async () => {
    const list = await here.client.backbones.list();
    const checkedBy = (reference: string) => infoOf(list, reference).official?.checkedBy;
    expect(checkedBy('efficientnet-lite2')).toBe('sha256');
    expect(checkedBy('vgg16')).toBe('md5');
    expect(checkedBy('mobilenet')).toBe('size');
  });
});

describe('downloading on the user’s word', () => {
  let server: FileServer;
  beforeEach(async () => {
    server = await fileServer(new Uint8Array(0));
    vi.stubEnv('LENSLET_BACKBONES_MIRROR', server.address);
  });
  afterEach(() => server.close());

  /** Resolves with the state of a backbone once its download has ended. */
  function ended(reference: string): Promise<BackboneInfo> {
    return new Promise((resolve) => {
      const stop = here.core.context.events.on((event: AppEvent) => {
        if (event.type !== 'backbones') return;
        const info = infoOf(event.backbones, reference);
        if (info.download?.status === 'running') return;
        stop();
        resolve(info);
      });
    });
  }

  it('of a wrong file says so and keeps nothing', async () => {
    server.content = new Uint8Array(58_889_256 / 8);
    const end = ended('vgg16');
    await here.client.backbones.download({ reference: 'vgg16' });
    const { download, file } = await end;
    expect(file).toBeNull();
    expect(download).toMatchObject({ status: 'failed', error: { code: 'BACKBONE_DOWNLOAD_WRONG' } });
    expect(readdirSync(join(settings, 'backbones'))).toEqual([]);
  });

  it('of the right size with another hash says so and keeps nothing', async () => {
    const { bytes, md5 } = findBackbone('efficientnet-b0').weights!;
    server.content = new Uint8Array(bytes!);
    const end = ended('efficientnet-b0');
    await here.client.backbones.download({ reference: 'efficientnet-b0' });
    const { download, file } = await end;
    expect(file).toBeNull();
    expect(md5).not.toBeNull();
    expect(download).toMatchObject({
      status: 'failed',
      error: { code: 'BACKBONE_DOWNLOAD_WRONG', params: { expected: `MD5 ${md5}` } },
    });
    expect(readdirSync(join(settings, 'backbones'))).toEqual([]);
  });

  it('puts a whole file in its place', async () => {
    const layers = ['conv1', 'conv_dw_13', 'conv_pw_13'];
    server.content = await weightNamesOfSize(join(here.folder, 'any.h5'), layers, 17_225_924);
    const end = ended('mobilenet');
    await here.client.backbones.download({ reference: 'mobilenet' });
    const { download, file } = await end;
    expect(download).toBeNull();
    expect(file).toMatchObject({
      name: 'mobilenet_1_0_224_tf_no_top.h5',
      bytes: 17_225_924,
      removable: true,
    });
    expect((await resolveBackbone(settings, 'mobilenet')).id).toBe('mobilenet');
    // Nobody publishes its hash: the one it came with is kept.
    expect(await here.client.backbones.verify({ file: file!.id })).toEqual({
      sha256: createHash('sha256').update(server.content).digest('hex'),
      known: 'noted',
      proved: false,
    });
  });

  it('of the right size but another network keeps nothing', async () => {
    server.content = await weightNamesOfSize(join(here.folder, 'any.h5'), vggLayers, 17_225_924);
    const end = ended('mobilenet');
    await here.client.backbones.download({ reference: 'mobilenet' });
    expect((await end).download?.error).toMatchObject({
      code: 'BACKBONE_WRONG_NETWORK',
      params: { found: 'VGG16', expected: 'MobileNet' },
    });
    expect(readdirSync(join(settings, 'backbones'))).toEqual([]);
  });

  it('can be stopped, and is offered to be gone on with', async () => {
    server.content = new Uint8Array(9_406_464);
    server.manners = { slowly: 4096 };
    const begun = new Promise<void>((resolve) => {
      here.core.context.events.on((event: AppEvent) => {
        if (event.type !== 'backbones') return;
        if ((infoOf(event.backbones, 'mobilenet-v2').download?.received ?? 0) > 0) resolve();
      });
    });
    await here.client.backbones.download({ reference: 'mobilenet-v2' });
    expect(await codeOf(here.client.backbones.download({ reference: 'mobilenet-v2' }))).toBe(
      'BACKBONE_DOWNLOAD_RUNNING',
    );
    await begun;
    await here.client.backbones.cancelDownload({ reference: 'mobilenet-v2' });
    const { download } = infoOf(await here.client.backbones.list(), 'mobilenet-v2');
    expect(download).toMatchObject({ status: 'cancelled', total: 9_406_464, error: null });
    expect(download!.received).toBeGreaterThan(0);
  });

  it('is not offered where there is no official address', async () => {
    expect(await codeOf(here.client.backbones.download({ reference: 'squeezenet' }))).toBe(
      'BACKBONE_DOWNLOAD_NONE',
    );
    expect(server.ranges).toEqual([]);
  });
});

const published = sharedData('backbones');
describe.skipIf(published === null)('the published networks', () => {
  it('are told apart by their contents', async () => {
    vi.stubEnv('LENSLET_BACKBONES', published!);
    const list = await here.client.backbones.list();
    const found = list.flatMap(({ reference, file }) => (file === null ? [] : [[reference, file.name]]));
    expect(Object.fromEntries(found)).toEqual({
      'mobilenet-v2': 'mobilenet_v2_1.0_224',
      mobilenet: 'mobilenet_v1_0.75_192',
      squeezenet: 'squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5',
    });
    expect(infoOf(list, 'mobilenet-v2').file!.bytes).toBeGreaterThan(13_000_000);
  });
});
