/** Settings in words and limits: the groups of the form, what can be typed, and values as facts. */
import type { RecipeInfo, RunSettings } from '../../../src-main/contract/app/index.ts';
import { count, rateText } from '../../shared/text/format.ts';
import { readNumber } from '../../shared/text/number-text.ts';
import {
  type NumberControl,
  type SettingField,
  type SettingGroup,
  type SettingKey,
  type SettingValue,
  settingFields,
} from './setting-fields.ts';
import { settingGroups, settingsText } from './text.ts';

/** The groups in which a recipe has settings, with their fields. */
export function groupsOf(
  recipe: Pick<RecipeInfo, 'settingNames'>,
): { name: SettingGroup; settingFields: SettingField[] }[] {
  const named = new Set(recipe.settingNames);
  return settingGroups
    .map((name) => ({
      name,
      settingFields: settingFields.filter((field) => field.group === name && named.has(field.key)),
    }))
    .filter((group) => group.settingFields.length > 0);
}

/** Why what someone typed cannot be used; an empty text when it can. */
export function problemOf({ min, max, whole: integers }: NumberControl, text: string): string {
  const value = readNumber(text);
  if (value === null) return settingsText.notANumber;
  if (integers && !Number.isInteger(value)) {
    return settingsText.aWholeNumberSuch(Math.max(min, Math.min(max, Math.round(value))));
  }
  if (min < 1e-6 && min > 0) {
    if (value < min) return settingsText.moreThan;
    if (value > max) return settingsText.atMost(count(max));
  }
  if (value < min || value > max) return settingsText.fromTo(count(min), count(max));
  return '';
}

/** A number of a setting as it stands in its field. */
export function numberOf(value: number): string {
  return Number.isInteger(value) ? String(value) : rateText(value);
}

/** A setting's value in words, for facts and comparisons. */
export function valueWords(key: SettingKey, value: SettingValue): string {
  if (key === 'augmentation') return augmentationWords(value as RunSettings['augmentation']);
  if (key === 'unfreezeFrom' && value === null) return settingsText.chosenForYou;
  const control = settingFields.find((field) => field.key === key)?.control;
  if (control === undefined) return String(value);
  if (control.kind === 'switch') return value === control.on ? settingsText.yes : settingsText.no;
  if (control.kind === 'choice')
    return control.options.find((option) => option.value === value)?.label ?? String(value);
  if (value === null) return control.kind === 'number' ? (control.none?.label.toLowerCase() ?? '–') : '–';
  if (typeof value !== 'number') return String(value);
  if (key === 'imageSize') return `${value} × ${value}`;
  return key === 'seed' || !Number.isInteger(value) ? numberOf(value) : count(value);
}

function augmentationWords(settings: RunSettings['augmentation']): string {
  const ids = Object.keys(settings?.transforms ?? {});
  if (ids.length === 0) return settingsText.none;
  return ids.map((id) => id.replaceAll('-', ' ')).join(', ');
}

/** True for settings that say the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
