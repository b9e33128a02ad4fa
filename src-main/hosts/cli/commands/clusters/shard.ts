/** `lenslet shard`: work for other machines goes out, and their results come back. */
import { resolve } from 'node:path';
import type { ExportProgress } from '../../../../contract/app/exports.ts';
import { AppError } from '../../../../contract/shared/errors.ts';
import type { ImportedResults } from '../../../../services/shards/import-results.ts';
import type { Output } from '../../output.ts';
import { type Session, withSession } from '../../session.ts';
import { count, megabytes } from '../../text.ts';

interface Flags {
  readonly project?: string;
  readonly run?: string;
  readonly backbone?: string;
  readonly imageSize?: number;
  readonly out?: string;
  readonly import?: string;
  readonly overwrite?: boolean;
  readonly perShard: number;
}

function usage(detail: string): AppError {
  return new AppError('USAGE_INVALID', { detail, command: 'shard ' });
}

/** Shows how far work has come. */
export function showProgress(output: Output): (event: ExportProgress) => void {
  return ({ phase, done, total }) => output.progress(total === null ? Number.NaN : done / total, phase);
}

/** What became of results, in a sentence. */
function importText(results: ImportedResults): string {
  const faults = [
    [results.unknown, 'of photos that are not in the project'],
    [results.damaged, 'damaged'],
    [results.otherModel, 'of other models'],
    [results.failed, 'report a failure'],
  ] as const;
  const left = faults.filter(([lines]) => lines > 0).map(([lines, what]) => `${count(lines)} ${what}`);
  return (
    `${count(results.imported)} photos got results, ${count(results.unchanged)} had them. ` +
    `${count(results.compared)} were computed here too: largest difference ${results.largestDifference.toExponential(1)}.` +
    (left.length === 0 ? '' : `\nLines left out: ${left.join(', ')}.`)
  );
}

async function write({ core, signal }: Session, output: Output, flags: Flags): Promise<void> {
  const { out, overwrite = false, perShard } = flags;
  const work = { emit: showProgress(output), signal };
  const written = await core.shards.write(flags, { out: out!, overwrite, perShard }, work);
  const { record, unreadable } = written;
  const { model, photos, shards } = record;
  const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0);
  if (unreadable > 0) output.say(`${count(unreadable)} photos cannot be read; they are in no archive.`);
  output.answer(
    {
      event: 'done',
      out: written.out,
      photos,
      unreadable,
      shards: shards.length,
      bytes,
      model: model.id,
      kind: model.kind,
    },
    `${count(photos)} photos in ${count(shards.length)} archives, ${megabytes(bytes)}, with ${model.id}: ${written.out}`,
  );
}

/** `lenslet shard PROJECT --out DIR|s3://…` and `lenslet shard PROJECT --import results.jsonl|DIR|s3://…`. */
export async function shard(output: Output, flags: Flags, word: string | undefined): Promise<void> {
  const folder = word ?? flags.project;
  if (folder === undefined) throw usage('Required option --project <dir> not specified');
  if ((flags.out === undefined) === (flags.import === undefined)) throw usage('Give --out or --import');
  await withSession(output, async (session) => {
    await session.openProject(resolve(folder));
    if (flags.backbone !== undefined) await session.core.nameBackbone(flags.backbone);
    if (flags.import === undefined) return write(session, output, flags);
    const { core, signal } = session;
    const results = await core.shards.import(flags, flags.import, { emit: showProgress(output), signal });
    output.answer({ event: 'done', ...results }, importText(results));
  });
}
