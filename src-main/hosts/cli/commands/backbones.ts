/** `lenslet backbones list | add ID|PATH | remove ID | verify [ID]`: pretrained networks on this machine. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BackboneInfo } from '../../../contract/app/backbones.ts';
import { AppError } from '../../../contract/shared/errors.ts';
import { knownBackbone } from '../../../registries/backbones/index.ts';
import { verifyBackbone } from '../../../services/evaluation/verify-backbone.ts';
import { hashOfModel } from '../../../services/backbones/file-hash.ts';
import { allFiles } from '../../../services/backbones/find-files.ts';
import { fileId } from '../../../services/backbones/references.ts';
import { chooseBackbone } from '../../../services/runs/run-backbone.ts';
import type { Output } from '../output.ts';
import { withSession, type Session } from '../session.ts';
import { megabytes } from '../text.ts';

const checkedBy = { sha256: 'SHA-256', md5: 'MD5', size: 'size' } as const;

function usage(detail: string): AppError {
  return new AppError('USAGE_INVALID', { detail, command: 'backbones ' });
}

async function list(session: Session, output: Output): Promise<void> {
  const infos = await session.client.backbones.list();
  const { settingsFolder } = session.core.context;
  const usual = await chooseBackbone(settingsFolder);
  const paths = new Map((await allFiles(settingsFolder)).map(({ path }) => [fileId(path), path]));
  for (const info of infos) {
    const { reference: id, label, file, official, licence } = info;
    const installed = file !== null && file.problem === null;
    const path = installed ? paths.get(file.id) : undefined;
    const bytes = installed ? file.bytes : (official?.bytes ?? null);
    // Hashing reads the whole file, and the text does not show it.
    const sha256 = path === undefined || !output.json ? (official?.sha256 ?? null) : await hashOfModel(path);
    const isDefault = id === usual?.id;
    const size = bytes === null ? 'size unknown' : megabytes(bytes);
    const download = official && `${size} to download, checked by ${checkedBy[official.checkedBy]}`;
    const state = installed ? `here, ${size}` : (download ?? 'not here, no official download');
    output.answer(
      { id, label, installed, bytes, sha256, licence, default: isDefault },
      `${id.padEnd(20)} ${label.padEnd(20)} ${state}${isDefault ? ', used unless you choose another' : ''}`,
    );
  }
}

/** Downloads the published weights of a network, and proves them where the registry knows how. */
async function download(session: Session, output: Output, id: string): Promise<void> {
  const events = await session.client.app.events(undefined, { signal: session.signal });
  await events.next();
  await session.client.backbones.download({ reference: id });
  for await (const event of events) {
    if (event.type !== 'backbones') continue;
    const info = event.backbones.find(({ reference }) => reference === id);
    if (info === undefined) continue;
    if (info.download?.error) throw AppError.fromData(info.download.error);
    if (info.download?.status === 'running') {
      const { received, total } = info.download;
      output.progress(
        total === null ? Number.NaN : received / total,
        `${megabytes(received)} of ${info.label}`,
      );
      continue;
    }
    if (info.file === null) throw new AppError('CANCELLED');
    return;
  }
  throw new AppError('CANCELLED');
}

async function add(session: Session, output: Output, word: string): Promise<void> {
  const { client, core } = session;
  if (knownBackbone(word) !== null) {
    const info = (await client.backbones.list()).find(({ reference }) => reference === word);
    if (info?.file == null || info.file.problem !== null) await download(session, output, word);
    await verify(session, output, word);
    return;
  }
  const path = resolve(word);
  if (!existsSync(path)) throw new AppError('MODEL_NOT_FOUND', { path: word });
  const before = new Set((await client.backbones.list()).flatMap(pathsOf));
  const infos = await client.backbones.add({ picks: [core.context.pickedPaths.add(path)], uploads: [] });
  for (const { reference: id, label, file } of infos.filter((info) =>
    pathsOf(info).some((one) => !before.has(one)),
  ))
    output.answer({ id, label, installed: true, bytes: file?.bytes ?? null }, `Added ${label}.`);
}

function pathsOf({ file, otherFiles }: BackboneInfo): string[] {
  return [...(file === null ? [] : [file]), ...otherFiles].map(({ id }) => id);
}

async function remove({ client }: Session, output: Output, word: string): Promise<void> {
  const info = (await client.backbones.list()).find(({ reference }) => reference === word);
  if (info === undefined) throw new AppError('NOT_FOUND', { what: 'backbone', id: word });
  const files = [...(info.file === null ? [] : [info.file]), ...info.otherFiles];
  if (files.length === 0) throw new AppError('NOT_FOUND', { what: 'backbone on this machine', id: word });
  const own = files.filter(({ removable }) => removable);
  if (own.length === 0) throw new AppError('BACKBONE_NOT_REMOVABLE', { path: files[0].folder });
  for (const { id, name } of own) {
    await client.backbones.remove({ file: id });
    output.answer({ id: word, removed: name }, `Removed ${name}.`);
  }
}

async function verify({ core }: Session, output: Output, word: string | undefined): Promise<void> {
  const { settingsFolder, engine } = core.context;
  if (word !== undefined && knownBackbone(word) === null)
    throw new AppError('NOT_FOUND', { what: 'backbone', id: word });
  const files = (await allFiles(settingsFolder)).filter(
    ({ backbone }) => backbone !== null && (word === undefined || backbone.id === word),
  );
  if (files.length === 0)
    throw new AppError('NOT_FOUND', { what: 'backbone on this machine', id: word ?? 'any' });
  let first: AppError | null = null;
  for (const file of files) {
    const id = file.backbone!.id;
    try {
      const { sha256, known, proved } = await verifyBackbone(engine, settingsFolder, file);
      const by =
        known === 'published'
          ? 'as published'
          : known === 'noted'
            ? 'unchanged since it was recorded'
            : 'recorded for the next time';
      const about = proved ? '; computes what Keras computes with it' : '';
      output.answer(
        { id, path: file.path, bytes: file.bytes, sha256, known, proved, error: null },
        `${id}: SHA-256 ${sha256}, ${by}${about}.`,
      );
    } catch (thrown) {
      const error = AppError.from(thrown);
      first ??= error;
      const { code, message, remedy } = error.toData();
      output.answer({ id, path: file.path, error: { code, message, remedy } }, `${id}: ${message}`);
    }
  }
  if (first !== null) throw first;
}

/** `lenslet backbones`. */
export async function backbones(
  output: Output,
  _flags: object,
  action: string,
  word: string | undefined,
): Promise<void> {
  if (!['list', 'add', 'remove', 'verify'].includes(action))
    throw usage(`Unknown action “${action}”: list, add, remove or verify`);
  if (word === undefined && (action === 'add' || action === 'remove'))
    throw usage(`Say which: lenslet backbones ${action} ID${action === 'add' ? ' or PATH' : ''}`);
  await withSession(output, async (session) => {
    if (action === 'list') return list(session, output);
    if (action === 'add') return add(session, output, word!);
    if (action === 'remove') return remove(session, output, word!);
    return verify(session, output, word);
  });
}
