import type { Check } from '../check.ts';
import { excludePhotos } from '../fixes.ts';
import { labelledRows } from '../labelled-rows.ts';
import { fileName } from '../leading-photo.ts';
import { ramp } from '../per-photo.ts';

/** Robust deviations from the usual distance; of a normal distribution fewer than one in ten thousand are beyond. */
const rare = 4;

export const outliers: Check = {
  id: 'outliers',
  label: 'Outliers',
  severity: 'note',
  explanation:
    'Photos unlike all others of their class: a screenshot among photos, another subject, a wrong file. Unusual but right photos are worth keeping.',
  needsFeatures: true,
  async find(context) {
    const { photos, labels } = await labelledRows(context);
    const features = photos.length === 0 ? null : await context.features(photos);
    if (features === null) return [];
    const scores = await context.outlyingness(features, labels);
    const names = new Map(context.classes.map(({ id, name }) => [id, name]));
    return photos.flatMap((photo, at) =>
      scores[at] <= rare
        ? []
        : {
            message: `${fileName(photo)} is unlike the other photos of “${names.get(photo.classId!)}”.`,
            score: ramp(scores[at], rare - 1, 3 * rare),
            photos: [photo],
          },
    );
  },
  fix: excludePhotos,
};
