/** Features for the checks that want them: of the best pretrained network on this machine. */
import { AppError, type ErrorCode } from '../../contract/shared/errors.ts';
import type { FeatureSource } from './check-context.ts';
import type { ServiceContext } from '../base/context.ts';
import { imageFeatures } from '../features/image-features.ts';

/** Reasons to skip such a check rather than to fail: all others can run without features. */
const reasonsToSkip: readonly ErrorCode[] = [
  'BACKBONE_NONE',
  'BACKEND_BUSY',
  'BACKEND_UNAVAILABLE',
  'DATASET_TILES_MISSING',
];

/** Computes features by the engine, or finds them in the cache. */
export function backboneFeatures(context: ServiceContext): FeatureSource {
  return async (project, photos, options) => {
    try {
      const { values, length } = await imageFeatures(context, project, photos, options);
      return { data: values, dimension: length };
    } catch (error) {
      if (reasonsToSkip.includes(AppError.from(error).code)) return null;
      throw error;
    }
  };
}
