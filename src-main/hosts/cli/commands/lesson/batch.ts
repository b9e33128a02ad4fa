import { resolve } from 'node:path';
import { AppError } from '../../../../contract/shared/errors.ts';
import { presets } from '../../../../registries/augmentations/presets.ts';
import type { AugmentationSettings } from '../../../../contract/shared/augmentation.ts';
import type { PictureSheet } from '../../../../contract/app/augmentation-preview.ts';
import { writeFileAtomically } from '../../../../core/files/folder-storage.ts';
import { lessonAugmentation } from '../../../../registries/recipes/lesson-augmentation.ts';
import { findSheet } from '../../../../services/augmentation/picture-sheets.ts';
import { imagesOf } from '../edits/images-of-words.ts';
import type { Output } from '../../output.ts';
import { type Session, withSession } from '../../session.ts';
import { count, table } from '../../text.ts';
import { settingsOf } from '../../training-flags.ts';

interface SheetFlags {
  readonly project: string;
  readonly preset?: string;
  readonly out?: string;
}

interface BatchFlags extends SheetFlags {
  readonly recipe?: string;
  readonly step: number;
  readonly plain?: boolean;
}

interface AugmentFlags extends SheetFlags {
  readonly image?: string;
  readonly count: number;
  readonly seed: number;
}

/** A preset's settings, else the project's, else the lesson's. @throws AppError USAGE_INVALID */
async function augmentationOf({ client }: Session, { preset }: SheetFlags): Promise<AugmentationSettings> {
  if (preset === undefined) return (await client.augmentation.get()) ?? lessonAugmentation;
  const found = presets.find(({ id }) => id === preset);
  if (found !== undefined) return found.settings;
  const detail = `There is no preset “${preset}”: ${presets.map(({ id }) => id).join(', ')}`;
  throw new AppError('USAGE_INVALID', { detail, command: '' });
}

/** Writes a sheet as PNG, if that is wanted. */
async function writeSheet(
  { core }: Session,
  { address }: PictureSheet,
  out: string | undefined,
): Promise<void> {
  if (out === undefined) return;
  const png = findSheet(core.context.project(), address.split('/').at(-1)!);
  if (png === null) throw new AppError('NOT_FOUND', { what: 'picture', id: address });
  await writeFileAtomically(resolve(out), png);
}

/** @throws AppError USAGE_INVALID for a picture that is not to be a PNG */
function requirePng({ out }: SheetFlags): void {
  if (out === undefined || out.toLowerCase().endsWith('.png')) return;
  throw new AppError('USAGE_INVALID', { detail: `“${out}” should end in .png`, command: '' });
}

/** `lenslet batch --project DIR [--recipe ID] [--step N] [--out FILE.png]`: a step's batch as the network gets it. */
export async function batch(output: Output, flags: BatchFlags): Promise<void> {
  requirePng(flags);
  await withSession(output, async (session) => {
    await session.openProject(flags.project);
    const settings = await augmentationOf(session, flags);
    const training = settingsOf(flags);
    const request = { settings, recipe: flags.recipe, training, step: flags.step };
    const found = await session.client.augmentation.batch(request, { signal: session.signal });
    const sheet = flags.plain === true ? found.before : found.after;
    await writeSheet(session, sheet, flags.out);
    const { recipe, step, epoch, steps, batchSize, images, augments, preprocessing, range, classes, photos } =
      found;
    const shape = [images, sheet.size, sheet.size, sheet.channels];
    const rows = photos.map(({ path, label, labelIndex }, i) => [
      String(i),
      label ?? '',
      String(labelIndex),
      path,
    ]);
    const text = [
      table([['place', 'class', 'label', 'photo'], ...rows]),
      '',
      `Shapes   (${shape.join(', ')}) and (${images},)`,
      `Values   ${range.min.toFixed(3)} to ${range.max.toFixed(3)}, mean ${range.mean.toFixed(3)}, preprocessing ${preprocessing}`,
      `Step     ${count(step)} of ${count(steps)}, epoch ${count(epoch)}, recipe ${recipe}, ${augments ? 'augmented' : 'photos as they are'}`,
      ...(flags.out === undefined ? [] : [flags.out]),
    ].join('\n');
    output.answer(
      {
        recipe,
        step,
        epoch,
        steps,
        batchSize,
        shape,
        augments,
        preprocessing,
        range,
        classes,
        photos,
        out: flags.out ?? null,
      },
      text,
    );
  });
}

/** `lenslet augment --project DIR [--image PATH] [--count N] --out FILE.png`: one photo several times, as training sees it. */
export async function augment(output: Output, flags: AugmentFlags): Promise<void> {
  requirePng(flags);
  await withSession(output, async (session) => {
    await session.openProject(flags.project);
    const settings = await augmentationOf(session, flags);
    const image = flags.image === undefined ? undefined : (await imagesOf(session, flags.image))[0];
    const request = { settings, image, count: flags.count, seed: flags.seed };
    const found = await session.client.augmentation.photo(request, { signal: session.signal });
    if (found === null) throw new AppError('DATASET_EMPTY');
    await writeSheet(session, found.sheet, flags.out);
    const { photo, sheet } = found;
    const transforms = Object.keys(settings.transforms);
    const text = `${photo.path}: the photo and ${count(sheet.count - 1)} results of ${transforms.join(', ') || 'nothing'}\n${flags.out ?? ''}`;
    output.answer(
      { photo, settings, count: sheet.count - 1, size: sheet.size, out: flags.out ?? null },
      text.trimEnd(),
    );
  });
}
