/** From the settings of one run to those of the next. */
import type { RunSettings, TrainingSettings } from '../../../src-main/contract/app/index.ts';

/** Settings that follow from others by themselves, or come from elsewhere. */
const left: ReadonlySet<string> = new Set(['stepsPerEpoch', 'augmentation', 'seed']);

/** The settings that a new run takes over from an old one: all that its recipe has, except those that follow from others. */
export function reusableSettings(settings: RunSettings, settingFields: readonly string[]): TrainingSettings {
  const kept = Object.entries(settings).filter(([key]) => settingFields.includes(key) && !left.has(key));
  return Object.fromEntries(kept);
}

/** `count` different seeds, beginning with this one. */
export function seedsFrom(seed: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => (seed + i) % 2 ** 31);
}
