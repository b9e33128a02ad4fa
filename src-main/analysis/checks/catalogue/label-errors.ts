import { packRanges } from '../../../contract/shared/id-ranges.ts';
import type { Check } from '../check.ts';
import { labelledRows } from '../labelled-rows.ts';
import { fileName } from '../leading-photo.ts';
import { suspectLabels } from '../mathematics/confident-learning.ts';

export const labelErrors: Check = {
  id: 'label-errors',
  label: 'Probable label errors',
  severity: 'warning',
  explanation:
    'A classifier was trained on the other photos, again and again, and each time asked about the ones it had not seen. Here it clearly disagrees with the label. Look at them one by one: some are only unusual.',
  needsFeatures: true,
  async find(context) {
    const { photos, labels, classIds, groups } = await labelledRows(context);
    if (classIds.length < 2) return [];
    const features = await context.features(photos);
    if (features === null) return [];
    const probabilities = await context.outOfFold(features, labels, classIds.length, groups);
    const names = new Map(context.classes.map(({ id, name }) => [id, name]));
    return suspectLabels(probabilities, labels, classIds.length).map(
      ({ row, suggested, score, confident }) => {
        const photo = photos[row];
        const [own, other] = [names.get(photo.classId!), names.get(classIds[suggested])];
        return {
          message: `${fileName(photo)} is labelled “${own}” but looks like “${other}”.`,
          score: confident ? 0.5 + score / 2 : score / 2,
          photos: [photo],
          suggestedClassId: classIds[suggested],
          about: `as ${classIds[suggested]}`,
          severity: confident ? ('warning' as const) : ('note' as const),
        };
      },
    );
  },
  fix: {
    label: 'Take the suggested label',
    edit(findings, classes) {
      const names = new Map(classes.map(({ id, name }) => [id, name]));
      const byName = Map.groupBy(findings, ({ suggestedClassId }) => names.get(suggestedClassId ?? -1));
      const labels = [...byName].flatMap(([name, members]) =>
        name === undefined
          ? []
          : { name, images: packRanges(members.flatMap(({ photos }) => photos.map(({ id }) => id))) },
      );
      return labels.length === 0
        ? null
        : { kind: 'assign', what: 'the suggested labels', labels, splits: [] };
    },
  },
};
