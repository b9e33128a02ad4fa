/** The terms of the field, explained where they appear. */
import type { GlossaryEntry } from './glossary/entry.ts';
import { dataTerms } from './glossary/data.ts';
import { trainingTerms } from './glossary/training.ts';
import { transferTerms } from './glossary/transfer.ts';
import { resultsTerms } from './glossary/results.ts';
import { layersTerms } from './glossary/layers.ts';
import { explanationsTerms } from './glossary/explanations.ts';

export const glossary = {
  ...dataTerms,
  ...trainingTerms,
  ...transferTerms,
  ...resultsTerms,
  ...layersTerms,
  ...explanationsTerms,
} as const satisfies Record<string, GlossaryEntry>;

export type GlossaryTerm = keyof typeof glossary;

/** The entry of a term. */
export function lookUp(term: GlossaryTerm): GlossaryEntry {
  return glossary[term];
}

/** The term for a layer type such as `Conv2D`; undefined for types without an entry. */
export function termOfLayer(type: string): GlossaryTerm | undefined {
  const name = type.toLowerCase();
  return (Object.keys(glossary) as GlossaryTerm[]).find((term) => term.toLowerCase() === name);
}
