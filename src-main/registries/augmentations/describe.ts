/** The registry as the form shows it: every augmentation with its sliders. */
import { z } from 'zod';
import { type AugmentationInfo, augmentationParamSchema } from '../../contract/app/augmentation-preview.ts';
import type { Augmentation } from '../../engine/augmentation/augmentation.ts';

/** What an augmentation is called and which parameters it has, with limits and defaults. */
export function describeAugmentation({
  id,
  label,
  description,
  kind,
  params,
}: Augmentation): AugmentationInfo {
  const schema = z.toJSONSchema(params, { io: 'input' });
  const properties = Object.entries(schema.properties ?? {});
  return {
    id,
    label,
    description,
    kind,
    params: properties.map(([name, about]) => augmentationParamSchema.parse({ name, ...(about as object) })),
  };
}
