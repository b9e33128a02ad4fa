/** Errors about layers that do not exist or do not fit. */
import { AppError } from '../../contract/shared/errors.ts';
import { editDistance } from '../../core/text/edit-distance.ts';

/** Names that are offered, at most. */
const offered = 3;

/**
 * The names most like a mistaken one: those that begin with it or hold it first, then by edit distance.
 * @param names all there are
 */
export function nearestNames(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const distance = (other: string): number => {
    const found = other.toLowerCase();
    if (wanted.length >= 3 && found.includes(wanted)) return found.startsWith(wanted) ? 0 : 1;
    return 1 + editDistance(wanted, found);
  };
  const ranked = names.map((other, place) => ({ other, place, far: distance(other) }));
  ranked.sort((a, b) => a.far - b.far || a.place - b.place);
  return ranked.slice(0, offered).map(({ other }) => other);
}

/** MODEL_LAYER_UNKNOWN, with the nearest names. */
export function layerUnknown(name: string, names: readonly string[]): AppError {
  return new AppError('MODEL_LAYER_UNKNOWN', { layer: name, nearest: nearestNames(name, names).join(', ') });
}

/** MODEL_LAYER_UNSUITABLE: the layer is there but cannot be shown in this way. */
export function layerUnsuitable(layer: string, type: string, reason: string, suitable: string): AppError {
  return new AppError('MODEL_LAYER_UNSUITABLE', { layer, type, reason, suitable });
}
