import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Preprocessing } from '../../../contract/shared/preprocessing.ts';
import { AppError } from '../../../contract/shared/errors.ts';
import type { Activations } from '../../../contract/app/explain/activations.ts';
import type { Heatmap, HeatmapMethod } from '../../../contract/app/explain/heatmaps.ts';
import type {
  ExplainModel,
  ExplainOverview,
  ExplainPhoto,
  ExplainProgress,
} from '../../../contract/app/explain/network.ts';
import type { Patterns } from '../../../contract/app/explain/patterns.ts';
import { writeFileAtomically } from '../../../core/files/folder-storage.ts';
import { classOfWord } from '../class-of-word.ts';
import type { Output } from '../output.ts';
import { resolveModel } from '../run-reference.ts';
import { type Session, unwrapError, withSession } from '../session.ts';
import { count, percent, table } from '../text.ts';

/** What can be explained. */
export const subjects = ['activations', 'filters', 'heatmap'] as const;

interface Flags {
  readonly project?: string;
  readonly image?: string;
  readonly layer?: string;
  readonly class?: string;
  readonly out: string;
  readonly method: HeatmapMethod;
  readonly intensity?: number;
  readonly first: number;
  readonly count: number;
  readonly size: number;
  readonly steps: number;
  readonly seed: number;
  readonly jitter: number;
  readonly blur: number;
  readonly octaves: number;
  readonly preprocess?: Preprocessing;
}

/** One explanation under way. */
interface Explaining {
  readonly output: Output;
  readonly session: Session;
  readonly flags: Flags;
  readonly model: ExplainModel;
  readonly overview: ExplainOverview;
}

function usage(detail: string): AppError {
  return new AppError('USAGE_INVALID', { detail, command: 'explain ' });
}

/** PNG or SVG, by the name of the file. @throws AppError USAGE_INVALID */
function formatOf(out: string): 'png' | 'svg' {
  const extension = extname(out).toLowerCase();
  if (extension === '.png' || extension === '.svg') return extension === '.png' ? 'png' : 'svg';
  throw usage(`“${out}” should end in .png or .svg`);
}

async function modelOf(session: Session, word: string, flags: Flags): Promise<ExplainModel> {
  const reference = resolveModel(word, flags.project);
  if (reference.kind === 'file') {
    const pick = session.core.context.pickedPaths.add(reference.path);
    return { kind: 'pick', pick, preprocessing: flags.preprocess };
  }
  await session.openProject(reference.project);
  return { kind: 'run', run: reference.run };
}

function photoOf({ session, flags }: Explaining): ExplainPhoto {
  return { kind: 'pick', pick: session.core.context.pickedPaths.add(resolve(flags.image!)) };
}

/** Follows a stream to its end, drawing the bar. */
async function finished<Done extends { type: 'done' }>(
  output: Output,
  stream: AsyncIterable<Done | ExplainProgress>,
): Promise<Done> {
  for await (const event of stream) {
    if (event.type === 'done') return event;
    output.progress(event.total === null ? Number.NaN : event.done / event.total, event.phase);
  }
  throw new AppError('CANCELLED');
}

async function write({ session, flags }: Explaining, id: string): Promise<void> {
  const format = formatOf(flags.out);
  const file = await session.core.explain.picture(id, [], format, { intensity: flags.intensity });
  await writeFileAtomically(resolve(flags.out), file.bytes);
}

async function explainActivations(explaining: Explaining): Promise<void> {
  const { output, session, flags, model } = explaining;
  const layers = flags.layer === undefined ? undefined : [flags.layer];
  const input = { model, photo: photoOf(explaining), layers };
  const stream = await session.client.explain.activations(input, { signal: session.signal });
  const found = await finished<Activations>(output, stream);
  await write(explaining, found.id);
  const rows = found.layers.map(({ name, channels, sparsity, blank, zeros, height, width }) => ({
    name,
    channels,
    sparsity,
    blank: blank.length,
    zeros,
    height,
    width,
  }));
  const lines = rows.map((row) => [row.name, count(row.channels), count(row.blank), percent(row.zeros)]);
  const text = table([['layer', 'channels', 'blank', 'zeros'], ...lines]);
  output.answer({ out: flags.out, layers: rows, predictions: found.predictions }, `${text}\n${flags.out}`);
}

async function explainFilters(explaining: Explaining): Promise<void> {
  const { output, session, flags, model } = explaining;
  const { size, steps, seed, jitter, blur, octaves } = flags;
  const settings = { size, steps, seed, jitter, blur, octaves };
  const input = { model, layer: flags.layer ?? null, first: flags.first, count: flags.count, settings };
  const stream = await session.client.explain.patterns(input, { signal: session.signal });
  const found = await finished<Patterns>(output, stream);
  await write(explaining, found.id);
  const { layer, filters, total, silent, seconds, cached } = found;
  const answer = { out: flags.out, layer, filters: filters.length, total, silent, seconds, cached };
  const how = cached ? 'from the cache' : `${seconds.toFixed(1)} s`;
  output.answer(
    answer,
    `${count(filters.length)} of ${count(total)} filters of ${layer} (${how})\n${flags.out}`,
  );
}

async function explainHeatmap(explaining: Explaining): Promise<void> {
  const { output, session, flags, model, overview } = explaining;
  const input = {
    model,
    photo: photoOf(explaining),
    method: flags.method,
    layer: flags.layer ?? null,
    class: flags.class === undefined ? null : classOfWord(flags.class, overview.classes),
  };
  const stream = await session.client.explain.heatmap(input, { signal: session.signal });
  const found = await finished<Heatmap & { type: 'done' }>(output, stream);
  await write(explaining, found.id);
  const { layer, label, probability, map, predictions, method, empty } = found;
  if (empty !== null) output.say(empty.sentence);
  const answer = {
    out: flags.out,
    layer,
    class: found.class,
    label,
    probability,
    map,
    method,
    predictions,
    empty,
  };
  const of = layer === null ? '' : ` in ${layer}`;
  output.answer(answer, `${label} ${percent(probability)}${of}\n${flags.out}`);
}

/** Errors of photos do not name the file: they stand beside it elsewhere. */
function ofPhoto(output: Output, { image = '' }: Flags, error: AppError): AppError {
  if (error.code.startsWith('IMAGE_')) output.say(`${image}:`);
  return error;
}

/** `lenslet explain activations|filters|heatmap RUN|MODEL [--image FILE] [--layer NAME] [--class ID] --out FILE`. */
export async function explain(
  output: Output,
  flags: Flags,
  what: (typeof subjects)[number],
  word: string,
): Promise<void> {
  if (!subjects.includes(what)) throw usage(`There is nothing called “${what}”: ${subjects.join(', ')}`);
  formatOf(flags.out);
  if (what !== 'filters') {
    if (flags.image === undefined) throw usage(`For ${what} --image is missing`);
    // Before an engine is started for nothing.
    if (!existsSync(resolve(flags.image))) throw ofPhoto(output, flags, new AppError('IMAGE_MISSING'));
  }
  await withSession(output, async (session) => {
    const model = await modelOf(session, word, flags);
    const overview = await session.client.explain.overview({ model });
    for (const sentence of overview.assumed) output.say(sentence);
    const explaining: Explaining = { output, session, flags, model, overview };
    try {
      if (what === 'activations') await explainActivations(explaining);
      else if (what === 'filters') await explainFilters(explaining);
      else await explainHeatmap(explaining);
    } catch (thrown) {
      throw ofPhoto(output, flags, unwrapError(thrown));
    }
  });
}
