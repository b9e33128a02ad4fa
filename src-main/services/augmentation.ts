/** Requests about augmentation. */
import { describeAugmentation } from '../augmentations/describe.ts';
import { augmentations } from '../augmentations/index.ts';
import { presets } from '../augmentations/presets.ts';
import { switchedOn } from '../augmentations/switched-on.ts';
import type { augmentationContract } from '../contract/augmentation-preview.ts';
import { readAugmentation, writeAugmentation } from '../project/augmentation.ts';
import { photosToLookAt, previewBatch, previewPhoto } from './augmentation-previews.ts';
import type { ServiceOf } from './bind-service.ts';
import type { ServiceContext } from './context.ts';
import { createTrainingViews } from './training-views.ts';

/** Makes the handlers of `contract.augmentation`. */
export function createAugmentationService(context: ServiceContext): ServiceOf<typeof augmentationContract> {
  const views = createTrainingViews(context);
  return {
    catalogue: () => ({ augmentations: augmentations.map(describeAugmentation), presets: [...presets] }),
    get: () => readAugmentation(context.project().database),
    set: ({ settings }) => {
      if (settings !== null) switchedOn(settings);
      writeAugmentation(context.project().database, settings);
      return settings;
    },
    photos: () => photosToLookAt(context, views),
    photo: (request, { signal }) => previewPhoto(context, views, request, signal),
    batch: (request, { signal }) => previewBatch(context, views, request, signal),
  };
}
