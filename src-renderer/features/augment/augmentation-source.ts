/** Where a training takes its augmentation from, and how that reads. */
import type { AugmentationInfo, AugmentationSettings } from '../../../src-main/contract/app/index.ts';
import { valueText, augmentationSourceText } from './text.ts';

/** `recipe`: as the recipe says; `project`: as set on the Augment screen; `none`. */
export type AugmentationSource = 'recipe' | 'project' | 'none';

/**
 * `Rotation 40°, Width shift 20%, Horizontal flip`
 * @param known the catalogue; entries it does not have are named by their id
 */
export function augmentationSummary(
  settings: AugmentationSettings | null,
  known: readonly AugmentationInfo[],
): string {
  const parts = Object.entries(settings?.transforms ?? {}).map(([id, params]) => {
    const info = known.find((item) => item.id === id);
    const values = (info?.params ?? []).map((param) => valueText(param, params[param.name] ?? param.default));
    return [info?.label ?? id, ...values].join(' ');
  });
  return parts.length === 0 ? augmentationSourceText.nothingIsChanged : parts.join(', ');
}
