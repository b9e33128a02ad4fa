/** Labels from COCO JSON: the category of a photo's annotations. */
import { z } from 'zod';
import type { LabelList, LabelRow } from './label-row.ts';
import { namesOfAddress } from './photo-address.ts';

const id = z.union([z.number(), z.string()]);

/** The part of the format that is used. */
export const cocoSchema = z.object({
  images: z.array(z.object({ id, file_name: z.string() })),
  annotations: z.array(z.object({ image_id: id, category_id: id })),
  categories: z.array(z.object({ id, name: z.string() })),
});

/** Reads COCO; a photo with annotations of several categories is ambiguous, one without any has no label. */
export function readCocoLabels(coco: z.infer<typeof cocoSchema>): LabelList {
  const names = new Map(coco.categories.map((category) => [category.id, category.name]));
  const labels = new Map<string | number, Set<string>>();
  for (const { image_id: image, category_id: category } of coco.annotations) {
    const name = names.get(category);
    if (name === undefined) continue;
    const found = labels.get(image);
    if (found === undefined) labels.set(image, new Set([name]));
    else found.add(name);
  }
  const rows: LabelRow[] = [];
  let ambiguous = 0;
  let ambiguousExample = '';
  for (const image of coco.images) {
    const [label, ...others] = labels.get(image.id) ?? [];
    if (others.length > 0) {
      ambiguous++;
      ambiguousExample ||= image.file_name;
    }
    // Photos without an annotation are often only unfinished: their label stays.
    else if (label !== undefined) rows.push(rowOf(image.file_name, label));
  }
  return { format: 'coco', rows, ambiguous, ambiguousExample, headless: false, remarks: [] };
}

function rowOf(fileName: string, label: string): LabelRow {
  return { ...namesOfAddress(fileName), label, split: undefined };
}
