/** Labels from Label Studio's JSON and JSON-MIN: the single choice of each task. */
import { z } from 'zod';
import type { LabelList, LabelRow } from './label-row.ts';
import { namesOfAddress } from './photo-address.ts';

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
  let ambiguousExample = '';
  for (const task of tasks) {
    const address = imageOf(task.data ?? task);
    if (address === null) continue;
    const choices = new Set(task.annotations === undefined ? flatChoices(task) : taskChoices(task));
    if (choices.size > 1) {
      ambiguous++;
      ambiguousExample ||= address;
    }
    for (const label of choices.size === 1 ? choices : [])
      rows.push({ ...namesOfAddress(address, true), label, split: undefined });
  }
  return { format: 'label-studio', rows, ambiguous, ambiguousExample, headless: false, remarks: [] };
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
