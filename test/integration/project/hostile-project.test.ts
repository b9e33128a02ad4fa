/**
 * A project from a stranger, opened and used as projects are: nothing outside its folder is read, written or removed,
 * and what is good in it works. Pipes stand where a file would have to be read: the test would hang.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetImage } from '../../../src-main/contract/app/datasets.ts';
import { AppError } from '../../../src-main/contract/shared/errors.ts';
import { hostileRuns, makeDecoys, spoilProject } from '../../fixtures/hostile-project.ts';
import { drawShapes } from '../../fixtures/photos/shapes.ts';
import { type TrainingCore, codeOf, importInto, quick, trainingCore } from '../../fixtures/training-core.ts';
import { treeHash } from '../../fixtures/tree-hash.ts';

const each = 12;

// Pipes and links as made here are not to be had on Windows.
describe.skipIf(process.platform === 'win32')('a project from a stranger', () => {
  let here: TrainingCore;
  let decoys: string;
  let before: string;
  let images: DatasetImage[];

  beforeAll(async () => {
    const first = await trainingCore();
    const { folder, projectFolder } = first;
    decoys = join(folder, 'decoys');
    mkdirSync(decoys);
    await makeDecoys(decoys);
    await drawShapes(join(folder, 'shapes'), each);
    await importInto(first, join(folder, 'shapes'));
    await first.client.datasets.makeSplit({
      fractions: { train: 0.7, validation: 0.15, test: 0.15 },
      seed: 1,
    });
    await first.close({ remove: false });
    await spoilProject(projectFolder, decoys);
    before = treeHash(decoys);
    // As many have it: the project lies on another drive, behind a link.
    symlinkSync(projectFolder, join(folder, 'by-link'));
    here = await trainingCore(folder, 'web');
    await here.core.projects.openFolder(join(folder, 'by-link'));
    await here.core.imports.idle();
    const ids = await here.client.datasets.listImages({});
    images = await here.client.datasets.getImages({ ids });
  });
  afterAll(() => here.close());

  const isGood = ({ path }: DatasetImage): boolean => /^(discs|stripes)\//.test(path);
  const bytesOf = async (kind: string, id: number): Promise<Response> =>
    here.core.media(new Request(`http://localhost/media/${kind}/${id}`));

  it('opens, with its good photos shown and bad ones missing', async () => {
    expect(images.filter(isGood)).toHaveLength(2 * each);
    for (const image of images) {
      const answer = await bytesOf('thumbnail', image.id);
      if (isGood(image)) expect(answer.status, image.path).toBe(200);
      else if (image.path !== 'Pictures/holiday.jpg') expect(answer.status, image.path).not.toBe(200);
      await bytesOf('picture', image.id);
      await here.client.labels.details({ id: image.id });
    }
    expect(treeHash(decoys)).toBe(before);
  });

  it('imports only photos that really lie in its uploads, with classes from its own notes', async () => {
    const { classes } = await here.client.datasets.summary();
    expect(classes.map(({ name }) => name)).not.toContain('leaked-label');
    const taken = readdirSync(join(here.projectFolder, 'uploads'));
    // Somebody's own files that look like notes.
    expect(taken).toEqual(expect.arrayContaining(['x.capture.json', '...capture.json']));
    for (const upload of ['upload-linked', 'upload-links']) {
      const started = here.client.datasets.startImport({ uploads: [upload] });
      await started.catch(() => undefined);
      await here.core.imports.idle();
    }
    const after = await here.client.datasets.listImages({});
    expect(after.filter((id) => !images.some((image) => image.id === id))).toEqual([]);
    expect(treeHash(decoys)).toBe(before);
  });

  it('is checked, planned and searched', async () => {
    await here.client.checks.run({});
    await here.core.checks.idle?.();
    const { recipe, blocker } = await here.client.training.plan({ settings: {} });
    expect([recipe.length > 0, blocker]).toEqual([true, null]);
    await here.client.labels.views();
    await here.client.labels.journal({ limit: 10 });
    expect(treeHash(decoys)).toBe(before);
  });

  /** Resumes a run and fails with what the run ends with. */
  async function resumed(run: string): Promise<void> {
    const over = here.untilStatus('failed', 'done', 'interrupted');
    await here.client.training.resume({ run });
    const { error } = await over;
    if (error !== null) throw AppError.fromData(error);
  }

  it('its runs go on with nothing from elsewhere', async () => {
    const codes: Record<string, string> = {};
    for (const [name, run] of Object.entries(hostileRuns)) {
      codes[name] = await codeOf(resumed(run));
      await codeOf(here.client.training.evaluate({ run, split: 'test' }));
      await codeOf(here.client.explain.overview({ model: { kind: 'run', run } }));
      await codeOf(here.client.explain.overview({ model: { kind: 'run', run, epoch: 1 } }));
      await codeOf(here.client.training.predict({ run, images: [images[0].id] }));
    }
    expect(codes).toEqual({
      outside: 'TRAINING_RUN_DAMAGED',
      backbonePath: 'BACKBONE_NOT_CHOSEN',
      backboneShare: 'BACKBONE_NOT_CHOSEN',
      linkedFolder: 'TRAINING_RECORD_LOST',
      linkedParts: 'TRAINING_RECORD_LOST',
      hostileFiles: 'TRAINING_RECORD_LOST',
      hostileCheckpoint: 'PATH_OUTSIDE',
    });
    expect(treeHash(decoys)).toBe(before);
  });

  it('a page cannot name a file as a backbone', async () => {
    for (const backbone of [join(decoys, 'model.json'), '\\\\evil.invalid\\share\\x.h5', '../decoys/pipe'])
      expect(
        await codeOf(here.client.training.summary({ recipe: 'feature-extraction', settings: { backbone } })),
        backbone,
      ).toBe('BACKBONE_NOT_CHOSEN');
    expect(
      await codeOf(
        here.client.explain.overview({ model: { kind: 'backbone', reference: join(decoys, 'model.json') } }),
      ),
    ).toBe('BACKBONE_NOT_CHOSEN');
  });

  it('a damaged entry of the journal cannot be undone, and says so', async () => {
    expect(await codeOf(here.client.labels.undo())).toBe('DATASET_UNDO_DAMAGED');
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it('an export holds the photos that were imported, and no file that a row names besides', async () => {
    expect(
      await codeOf(here.client.labels.exportLabels({ format: 'folders', files: 'copy', filter: {} })),
    ).toBe('PATH_IS_LINK');
    const into = join(here.folder, 'picked');
    mkdirSync(into);
    const pick = here.core.context.pickedPaths.add(into);
    const { location, problems } = await here.client.labels.exportLabels({
      format: 'folders',
      files: 'copy',
      filter: {},
      pick,
    });
    expect(problems.length).toBeGreaterThan(10);
    const written = readdirSync(location, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    const secret = readFileSync(join(decoys, 'Pictures', 'holiday.jpg'));
    for (const { parentPath, name } of written)
      expect(readFileSync(join(parentPath, name)).equals(secret), name).toBe(false);
    expect(written.map(({ name }) => name).filter((name) => /^(discs|stripes) /.test(name))).toHaveLength(
      2 * each,
    );
    expect(treeHash(decoys)).toBe(before);
  });

  it('its cache is emptied, its runs and uploads are removed, and nothing else', async () => {
    await here.client.settings.clearCache({});
    for (const upload of ['upload-linked', 'upload-links'])
      await here.client.datasets.discardUpload({ id: upload }).catch(() => undefined);
    for (const run of Object.values(hostileRuns)) await here.client.training.removeRun({ run });
    expect(await here.client.training.runs()).toEqual([]);
    expect(existsSync(join(here.projectFolder, 'runs', hostileRuns.hostileFiles))).toBe(false);
    expect(treeHash(decoys)).toBe(before);
  });

  it('trains on its good photos, and closes', async () => {
    const bad = images.filter((image) => !isGood(image)).map(({ id }) => id);
    await here.client.labels.apply({ kind: 'exclude', images: bad.join(',') });
    const over = here.untilStatus('done', 'failed');
    await here.client.training.start({ recipe: 'scratch', settings: { ...quick, epochs: 1 } });
    expect(await over).toMatchObject({ status: 'done', error: null });
    await here.core.projects.close();
    expect(treeHash(decoys)).toBe(before);
    expect(readFileSync(join(decoys, '.bashrc'), 'utf8')).toBe('mine');
  });
});
