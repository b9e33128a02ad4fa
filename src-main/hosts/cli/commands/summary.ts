import type { ModelSummary } from '../../../contract/training.ts';
import { layerTable } from '../layer-table.ts';
import type { Output } from '../output.ts';
import { recipeIds } from '../recipe-ids.ts';
import { resolveModel, type ModelReference } from '../run-reference.ts';
import { withSession, type Session } from '../session.ts';
import { settingsOf } from '../training-flags.ts';

interface Flags {
  readonly project?: string;
  readonly classes?: number;
}

async function ofRecipe(session: Session, recipe: string, flags: Flags): Promise<ModelSummary> {
  if (flags.project !== undefined) await session.openProject(flags.project);
  return session.client.training.summary({ recipe, classes: flags.classes, settings: settingsOf(flags) });
}

async function ofModel(session: Session, reference: ModelReference): Promise<ModelSummary> {
  if (reference.kind === 'file')
    return (await session.core.training.models.describe({ path: reference.path })).summary;
  await session.openProject(reference.project);
  return session.client.training.summary({ run: reference.run });
}

/** `lenslet summary RECIPE|RUN|MODEL`: a word that is neither a path nor a run's id is a recipe's. */
export async function summary(output: Output, flags: Flags, word: string): Promise<void> {
  const isRecipe = recipeIds.includes(word) || (/^[a-z-]+$/.test(word) && !word.startsWith('run-'));
  const reference = isRecipe ? null : resolveModel(word, flags.project);
  await withSession(output, async (session) => {
    const found = await (reference === null ? ofRecipe(session, word, flags) : ofModel(session, reference));
    output.answer(found, layerTable(found));
  });
}
