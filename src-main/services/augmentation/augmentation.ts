/** Requests about augmentation. */
import { describeAugmentation } from '../../registries/augmentations/describe.ts';
import { augmentations } from '../../registries/augmentations/index.ts';
import { presets } from '../../registries/augmentations/presets.ts';
import { switchedOn } from '../../engine/augmentation/switched-on.ts';
import type { augmentationContract } from '../../contract/app/augmentation-preview.ts';
import { readAugmentation, writeAugmentation } from '../../project/augmentation.ts';
import { photosToLookAt, previewBatch, previewPhoto } from './augmentation-previews.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { createTrainingViews } from '../training/training-views.ts';

/** Makes the handlers of `contract.augmentation`. */
export function createAugmentationService(context: ServiceContext): ServiceOf<typeof augmentationContract> {
  const views = createTrainingViews(context);
  return {
    catalogue: () => ({ augmentations: augmentations.map(describeAugmentation), presets: [...presets] }),
    get: () => readAugmentation(context.project().database),
    set: ({ settings }) => {
      if (settings !== null) switchedOn(augmentations, settings);
      writeAugmentation(context.project().database, settings);
      return settings;
    },
    photos: () => photosToLookAt(context, views),
    photo: (request, { signal }) => previewPhoto(context, views, request, signal),
    batch: (request, { signal }) => previewBatch(context, views, request, signal),
  };
}
