/** What goes into and comes out of a loaded model: from its metadata, else from what it is known for. */
import type * as tfjs from '@tensorflow/tfjs';
import type { ModelDescription } from '../../contract/engine/engine.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { assumePreprocessing } from './known-preprocessing.ts';
import { summarise } from '../network/layer-table.ts';
import type { LoadedModel } from './model-file.ts';

/** The size used when a model takes any. */
const anySize = 224;

/**
 * Describes a model; each fact that it does not state is assumed, and listed as assumed.
 * @param wanted preprocessing given by the user, which wins
 * @param imagenetNames 1,000 names in ImageNet order
 * @throws AppError MODEL_INPUT_UNSUPPORTED when it takes no square pictures of 1 or 3 channels
 */
export function describeModel(
  { model, metadata, stated = null }: LoadedModel,
  classes: number,
  wanted: Preprocessing | undefined,
  imagenetNames: readonly string[],
): ModelDescription {
  const assumed: string[] = [];
  const { imageSize, channels } = inputOf(model, assumed);
  const names = stated?.classes.length === classes ? uniqueNames(stated.classes) : undefined;
  return {
    imageSize: metadata?.imageSize ?? imageSize,
    channels: metadata?.channels ?? channels,
    resize: metadata?.resize ?? 'filter',
    preprocessing:
      wanted ?? metadata?.preprocessing ?? stated?.preprocessing ?? assumePreprocessing(model, assumed),
    classes: metadata?.classes ?? names ?? assumeClasses(classes, imagenetNames, assumed),
    assumed,
    summary: summarise(model),
  };
}

function inputOf(model: tfjs.LayersModel, assumed: string[]): { imageSize: number; channels: 1 | 3 } {
  const refuse = (reason: string): AppError => new AppError('MODEL_INPUT_UNSUPPORTED', { reason });
  if (model.inputs.length !== 1) {
    const names = model.inputs.map(({ sourceLayer }) => sourceLayer.name).join(', ');
    throw refuse(`it has ${model.inputs.length} inputs (${names}) where one picture is given`);
  }
  const [{ shape }] = model.inputs;
  const [, height, width, channels] = shape;
  if (shape.length !== 4 || (channels !== 1 && channels !== 3)) {
    throw refuse(
      `it wants input of shape [${shape.map(String).join(', ')}]; pictures have height × width × 1 or 3`,
    );
  }
  if (height !== width) {
    throw refuse(
      `it wants pictures of ${side(height)}×${side(width)} pixels, and only square ones are given`,
    );
  }
  if (height === null) assumed.push(`It takes any image size; ${anySize} is used.`);
  return { imageSize: height ?? anySize, channels };
}

/** A side in pixels. */
function side(length: number | null): string {
  return length === null ? 'any' : String(length);
}

function assumeClasses(count: number, imagenetNames: readonly string[], assumed: string[]): string[] {
  if (count === 0) return [];
  if (count === imagenetNames.length) {
    assumed.push('Class names of ImageNet, because it has 1,000 outputs.');
    return uniqueNames(imagenetNames);
  }
  assumed.push(`Class names "class 0" to "class ${count - 1}", because its file has none.`);
  return Array.from({ length: count }, (_, index) => `class ${index}`);
}

/** ImageNet has two classes called crane and two called maillot: the later ones get their number. */
function uniqueNames(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name, index) => {
    const unique = seen.has(name) ? `${name} (${index})` : name;
    seen.add(name);
    return unique;
  });
}
