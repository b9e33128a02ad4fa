/**
 * How a class looks, everywhere the same: Okabe–Ito colours, and from the ninth class on the same colours hatched,
 * then dotted, then barred, so that no two of the first 32 look alike, also without colour vision.
 * @see https://jfly.uni-koeln.de/color/
 */

const colours = 8;
const patterns = ['plain', 'hatched', 'dotted', 'barred'] as const;
export type ClassPattern = (typeof patterns)[number];

/**
 * Places in the palette by class name, the same as in the grid also where a model knows only some of the classes.
 * @param names the model's classes, in the order of its outputs
 */
export function paletteOf(
  names: readonly string[],
  dataset: readonly { name: string; index: number }[],
): Record<string, number> {
  const known = new Map(dataset.map((item) => [item.name, item.index]));
  return Object.fromEntries(names.map((name, i) => [name, known.get(name) ?? i]));
}

/** The class's colour as a CSS value; adapts to light and dark. */
export function classColour(index: number): string {
  return `var(--class-${index % colours})`;
}

/** What is laid over the colour. */
export function classPattern(index: number): ClassPattern {
  return patterns[Math.floor(index / colours) % patterns.length];
}

const gap = 'color-mix(in oklab, var(--ui-bg) 75%, transparent)';

const overlays: Record<ClassPattern, string> = {
  plain: 'none',
  hatched: `repeating-linear-gradient(45deg, transparent 0 2px, ${gap} 2px 4px)`,
  dotted: `radial-gradient(${gap} 1.2px, transparent 1.4px) 0 0 / 4px 4px`,
  barred: `repeating-linear-gradient(90deg, transparent 0 2px, ${gap} 2px 4px)`,
};

/** CSS for an area filled with the class's colour and pattern. */
export function classFill(index: number): { background: string } {
  const overlay = overlays[classPattern(index)];
  return { background: overlay === 'none' ? classColour(index) : `${overlay}, ${classColour(index)}` };
}
