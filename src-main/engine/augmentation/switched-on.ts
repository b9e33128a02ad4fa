/** From settings to the augmentations that do something, each with its checked parameters. */
import { AppError } from '../../contract/shared/errors.ts';
import type { AugmentationSettings } from '../../contract/shared/augmentation.ts';
import type { Augmentation } from './augmentation.ts';

/** One augmentation with the parameters it runs with. */
export interface SwitchedOn<Kind extends Augmentation = Augmentation> {
  readonly augmentation: Kind;
  readonly params: unknown;
}

/**
 * The augmentations that settings switch on, in the order of application; those whose parameters change nothing are
 * left out.
 * @param augmentations all there are, in that order
 * @throws AppError TRAINING_AUGMENTATION_INVALID for an unknown one, or a parameter outside its limits
 */
export function switchedOn(
  augmentations: readonly Augmentation[],
  { transforms }: Pick<AugmentationSettings, 'transforms'>,
): SwitchedOn[] {
  const known = new Set(augmentations.map(({ id }) => id));
  const unknown = Object.keys(transforms).find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw new AppError('TRAINING_AUGMENTATION_INVALID', {
      reason: `there is no "${unknown}"; there are ${[...known].join(', ')}`,
    });
  }
  return augmentations
    .filter(({ id }) => Object.hasOwn(transforms, id))
    .map((augmentation) => ({
      augmentation,
      params: checkedParams(augmentation, transforms[augmentation.id]),
    }))
    .filter(({ augmentation, params }) => !augmentation.changesNothing(params));
}

function checkedParams(augmentation: Augmentation, values: unknown): unknown {
  const checked = augmentation.params.strict().safeParse(values);
  if (checked.success) return checked.data;
  const [{ path, message }] = checked.error.issues;
  throw new AppError('TRAINING_AUGMENTATION_INVALID', {
    reason: `${[augmentation.id, ...path].join('.')}: ${message}`,
  });
}
