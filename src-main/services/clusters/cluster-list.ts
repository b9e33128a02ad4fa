/** The clusters that the user has added: `clusters.json` in the settings folder. */
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';
import { clusterAddress } from './ray-client.ts';

const fileSchema = z.array(z.object({ address: z.string(), addedAt: z.string() }));
export type KnownCluster = z.infer<typeof fileSchema>[number];

function fileOf(settingsFolder: string): string {
  return join(settingsFolder, 'clusters.json');
}

/** The clusters in the order they were added. A damaged file counts as none. */
export async function listClusters(settingsFolder: string): Promise<KnownCluster[]> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(fileOf(settingsFolder), 'utf8')));
  } catch {
    return [];
  }
}

/** Adds a cluster; one that is there stays as it is. @throws AppError CLUSTER_ADDRESS_INVALID, FILE_UNWRITABLE */
export async function addCluster(settingsFolder: string, word: string): Promise<KnownCluster> {
  const address = clusterAddress(word);
  const clusters = await listClusters(settingsFolder);
  const there = clusters.find((one) => one.address === address);
  if (there !== undefined) return there;
  const added = { address, addedAt: new Date().toISOString() };
  await store(settingsFolder, [...clusters, added]);
  return added;
}

/** Takes a cluster off the list. @throws AppError CLUSTER_UNKNOWN, CLUSTER_ADDRESS_INVALID */
export async function removeCluster(settingsFolder: string, word: string): Promise<string> {
  const address = clusterAddress(word);
  const clusters = await listClusters(settingsFolder);
  const rest = clusters.filter((one) => one.address !== address);
  if (rest.length === clusters.length) throw new AppError('CLUSTER_UNKNOWN', { address });
  await store(settingsFolder, rest);
  return address;
}

function store(settingsFolder: string, clusters: readonly KnownCluster[]): Promise<void> {
  return writeFileAtomically(fileOf(settingsFolder), `${JSON.stringify(clusters, null, 2)}\n`);
}
