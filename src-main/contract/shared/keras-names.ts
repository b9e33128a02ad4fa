/** Layer tables as Keras and the lecture print them: names of layers, shapes, what belongs to the base. */

/** Whose names a layer table uses: Lenslet's own, Keras' (`max_pooling2d_1`), the lecture's (`maxpooling2d_1`). */
export const layerNamings = ['own', 'keras', 'lecture'] as const;
export type LayerNaming = (typeof layerNamings)[number];

interface NamedLayer {
  readonly name: string;
  readonly type: string;
}

/** `MaxPooling2D` as `max_pooling2d`: what Keras calls a layer that nobody named. */
function kerasWord(type: string): string {
  return type
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** True for a name that a program gave, such as `conv2d`, `conv2d_3` or `conv2d_Conv2D1`. */
function isAutomatic({ name, type }: NamedLayer, word: string): boolean {
  const rest = name.startsWith(word) ? name.slice(word.length) : null;
  return rest !== null && (/^(_\d+)?$/.test(rest) || rest.replace(/\d+$/, '') === `_${type}`);
}

/**
 * Names of layers in another naming: those that nobody chose are counted from 1 for each type, as Keras does in a fresh
 * session; chosen ones (`block5_conv1`) stay.
 */
export function namesOfLayers(layers: readonly NamedLayer[], naming: LayerNaming): string[] {
  const counts = new Map<string, number>();
  return layers.map((layer) => {
    const word = kerasWord(layer.type);
    if (naming === 'own' || !isAutomatic(layer, word)) return layer.name;
    const place = (counts.get(word) ?? 0) + 1;
    counts.set(word, place);
    return `${naming === 'lecture' ? word.replace('_', '') : word}_${place}`;
  });
}

/** A shape as Keras writes it: `(None, 148, 148, 32)`. */
export function kerasShape(shape: readonly (number | null)[]): string {
  return `(${shape.map((side) => side ?? 'None').join(', ')}${shape.length === 1 ? ',' : ''})`;
}

/** How many layers the convolutional base has: all before the first that makes a list of a map, or is dense. */
export function baseLength(layers: readonly { readonly type: string }[]): number {
  const end = layers.findIndex(({ type }) =>
    /^(Flatten|Reshape|Dense|Global(Average|Max)Pooling2D)$/.test(type),
  );
  return end === -1 ? layers.length : end;
}
