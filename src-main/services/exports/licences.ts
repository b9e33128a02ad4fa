/** What has to be said of the pretrained network inside a model that is handed on. */
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExportAbout } from '../../contract/engine/exports.ts';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';
import { knownBackbone } from '../../registries/backbones/index.ts';
import { companionFiles } from '../backbones/published/notice.ts';
import { locateBackbone } from '../backbones/resolve-backbone.ts';

/** The pretrained network of a run, as exports name it. */
export async function backboneOf(
  settingsFolder: string,
  reference: string | null,
): Promise<ExportAbout['backbone']> {
  if (reference === null) return null;
  const found = await locateBackbone(settingsFolder, reference).catch(() => null);
  const known = knownBackbone(found?.id ?? reference);
  return { id: known?.id ?? null, label: known?.label ?? reference, licence: known?.licence ?? null };
}

/** Writes NOTICE and licence into an export: those that lie beside the network, or what is known of it. */
export async function writeNotices(
  settingsFolder: string,
  folder: string,
  reference: string | null,
  backbone: ExportAbout['backbone'],
): Promise<void> {
  if (reference === null || backbone === null) return;
  const found = await locateBackbone(settingsFolder, reference).catch(() => null);
  const licence = backbone.licence ?? 'its publishers state none';
  const text = `This model is built on ${backbone.label}, whose weights are part of it, changed by training or not.

Licence of those weights: ${licence}
`;
  await writeFileAtomically(join(folder, 'NOTICE.txt'), text);
  if (found === null) return;
  for (const name of companionFiles)
    await copyFile(join(dirname(found.path), name), join(folder, name)).catch(() => undefined);
}
