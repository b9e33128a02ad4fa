/** Labels from Label Studio's JSON and JSON-MIN: the single choice of each task. */
import { z } from 'zod';
import type { LabelList, LabelRow } from './label-row.ts';

const choicesSchema = z.object({
  type: z.literal('choices'),
  value: z.object({ choices: z.array(z.string()) }),
});
const taskSchema = z.looseObject({
  data: z.record(z.string(), z.unknown()).optional(),
  annotations: z
    .array(z.object({ was_cancelled: z.boolean().optional(), result: z.array(z.unknown()).default([]) }))
    .optional(),
});

/** A list of tasks. */
export const labelStudioSchema = z.array(taskSchema);

const imageEnding = /\.(jpe?g|png|webp|gif|tiff?|avif|bmp|hei[cf])(\?|$)/i;

/** Reads tasks; those with several different choices are ambiguous, those without one are left alone. */
export function readLabelStudioLabels(tasks: z.infer<typeof labelStudioSchema>): LabelList {
  const rows: LabelRow[] = [];
  let ambiguous = 0;
  for (const task of tasks) {
    const address = imageOf(task.data ?? task);
    if (address === null) continue;
    const choices = new Set(task.annotations === undefined ? flatChoices(task) : taskChoices(task));
    if (choices.size > 1) ambiguous++;
    for (const label of choices.size === 1 ? choices : [])
      rows.push({ ...namesOf(address), label, split: undefined });
  }
  return { format: 'label-studio', rows, ambiguous };
}

function imageOf(data: Record<string, unknown>): string | null {
  const named = ['image', 'img', 'picture', 'photo'].map((key) => data[key]);
  for (const value of [...named, ...Object.values(data)]) {
    if (typeof value === 'string' && imageEnding.test(value)) return value;
  }
  return null;
}

function taskChoices(task: z.infer<typeof taskSchema>): string[] {
  return (task.annotations ?? [])
    .filter((annotation) => annotation.was_cancelled !== true)
    .flatMap(({ result }) => result)
    .flatMap((one) => choicesSchema.safeParse(one).data?.value.choices ?? []);
}

/** JSON-MIN has the choice under the name of its control, as text or as `{ choices: […] }`. */
function flatChoices(task: Record<string, unknown>): string[] {
  const value = task.choice ?? task.choices ?? task.label ?? task.class;
  if (typeof value === 'string') return [value];
  return z.object({ choices: z.array(z.string()) }).safeParse(value).data?.choices ?? [];
}

/** Label Studio puts eight hexadecimal digits before the names of uploaded files, and paths behind `?d=`. */
function namesOf(address: string): Pick<LabelRow, 'path' | 'alternatives'> {
  const local = /[?&]d=([^&]+)/.exec(address)?.[1];
  const plain = decode(local ?? address.replace(/^[a-z0-9+]+:\/\/[^/]*\//i, '').replace(/[?#].*$/, ''));
  const path = plain.replaceAll('\\', '/');
  const name = path.slice(path.lastIndexOf('/') + 1);
  const original = name.replace(/^[0-9a-f]{8}-/, '');
  return { path, alternatives: original === name ? [] : [original] };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
