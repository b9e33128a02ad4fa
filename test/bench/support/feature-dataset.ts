/** The features of a folder of labelled photos, for benchmarks of what is learnt from them. */
import { basename, join } from 'node:path';
import { permutation, stream } from '../../../src-main/core/random/random.ts';
import { createNodeCore } from '../../../src-main/hosts/node/node-core.ts';
import { findImages } from '../../../src-main/project/images/images.ts';
import { listLabelled } from '../../../src-main/project/images/splits.ts';
import { imageFeatures } from '../../../src-main/services/features/image-features.ts';

/** Of photos without splits. */
const testShare = 0.3;

/** Features, row by row, with what is known of each row. */
export interface FeatureDataset {
  readonly values: Float32Array;
  readonly dimension: number;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly pool: readonly number[];
  readonly test: readonly number[];
}

/** Imports a folder, with classes or with `train` and `test`, into a project in `home`, and computes its features. */
export async function readFeatureDataset(folder: string, home: string): Promise<FeatureDataset> {
  process.env.LENSLET_HOME = home;
  const core = createNodeCore('cli');
  try {
    await core.projects.openFolder(join(home, 'project'), { name: basename(folder) });
    await core.imports.importPaths([folder]);
    const project = core.context.project();
    const labelled = listLabelled(project.database);
    const images = [
      ...findImages(
        project.database,
        labelled.map(({ id }) => id),
      ),
    ];
    const { values, length } = await imageFeatures(core.context, project, images);
    const classIds = [...new Set(labelled.map(({ classId }) => classId))];
    const labels = Int32Array.from(labelled, ({ classId }) => classIds.indexOf(classId));
    const rows = [...images.keys()];
    const isTest = images.some(({ split }) => split === 'test')
      ? images.map(({ split }) => split === 'test')
      : heldOut(rows.length);
    return {
      values,
      dimension: length,
      labels,
      classes: classIds.length,
      pool: rows.filter((row) => !isTest[row]),
      test: rows.filter((row) => isTest[row]),
    };
  } finally {
    await core.close();
  }
}

function heldOut(rows: number): boolean[] {
  const test = new Set(permutation(rows, stream(1, 'held out')).subarray(0, Math.round(rows * testShare)));
  return Array.from({ length: rows }, (_, row) => test.has(row));
}
