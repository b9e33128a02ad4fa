import { type Backbone, knownBackbone } from '../../../registries/backbones/index.ts';
import type { ModelSummary } from '../../../contract/app/model-summary.ts';
import { placeOf } from '../../../services/backbones/places.ts';
import { summariseNetwork } from '../../../services/runs/models.ts';
import type { LayerNaming } from '../../../contract/shared/keras-names.ts';
import { baseOf, layerTable, named } from '../layer-table.ts';
import type { Output } from '../output.ts';
import { recipeIds } from '../ids/recipe-ids.ts';
import { resolveModel, type ModelReference } from '../run-reference.ts';
import { withSession, type Session } from '../session.ts';
import { settingsOf } from '../training-flags.ts';

/** What else describes the network. */
export interface SummaryFlags {
  readonly project?: string;
  readonly classes?: number;
  readonly names?: LayerNaming;
  readonly base?: boolean;
}

function answer(output: Output, summary: ModelSummary, { names = 'own', base = false }: SummaryFlags): void {
  const shown = named(base ? baseOf(summary) : summary, names);
  output.answer(shown, layerTable(shown, names));
}

async function ofRecipe(session: Session, recipe: string, flags: SummaryFlags): Promise<ModelSummary> {
  if (flags.project !== undefined) await session.openProject(flags.project);
  const settings = settingsOf(flags);
  if (settings.backbone != null) await session.core.nameBackbone(settings.backbone);
  return session.client.training.summary({ recipe, classes: flags.classes, settings });
}

function ofBackbone({ core }: Session, id: string, flags: SummaryFlags): Promise<ModelSummary> {
  const { imageSize = null } = settingsOf(flags);
  return summariseNetwork(core.context.engine, {
    kind: 'backbone',
    id,
    imageSize,
    classes: flags.classes ?? null,
  });
}

async function ofModel(session: Session, reference: ModelReference): Promise<ModelSummary> {
  if (reference.kind === 'file') return summariseNetwork(session.core.context.engine, reference);
  await session.openProject(reference.project);
  return session.client.training.summary({ run: reference.run });
}

/** Where the weights of a network are to be had. */
function sayWhere(output: Output, { label, weights }: Backbone): void {
  if (weights === null) return;
  const size = weights.bytes === null ? '' : ` (${Math.round(weights.bytes / 1e6)} MB)`;
  output.say(`Weights of ${label}: ${placeOf(weights)}${size}`);
}

/** True for a word that is a recipe's: neither a path, nor a run's id. */
function isRecipeWord(word: string): boolean {
  return recipeIds.includes(word) || (/^[a-z-]+$/.test(word) && !word.startsWith('run-'));
}

/** True for a word that names a network that brings no weights: a recipe's, or an id of the registry. */
export function isNetworkWord(word: string): boolean {
  return knownBackbone(word) !== null || isRecipeWord(word);
}

/** The layer table of what a word means: a backbone's id, a recipe, the path or id of a run, a model file. */
export function summaryOf(session: Session, word: string, flags: SummaryFlags): Promise<ModelSummary> {
  if (knownBackbone(word) !== null) return ofBackbone(session, word, flags);
  return isRecipeWord(word)
    ? ofRecipe(session, word, flags)
    : ofModel(session, resolveModel(word, flags.project));
}

/**
 * `lenslet summary RECIPE|BACKBONE|RUN|MODEL`: a word that is neither a backbone's id, nor a path, nor a run's id is a
 * recipe's.
 */
export async function summary(output: Output, flags: SummaryFlags, word: string): Promise<void> {
  const backbone = knownBackbone(word);
  if (backbone !== null) sayWhere(output, backbone);
  await withSession(output, async (session) => answer(output, await summaryOf(session, word, flags), flags));
}
