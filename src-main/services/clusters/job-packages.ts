/** A set of shards as packages of Ray: one with the job, the network and the golden photos, one for each archive. */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { zipSync } from 'fflate';
import { shardsRecordSchema } from '../../contract/shared/shards.ts';
import { joinInside } from '../../core/files/join-inside.ts';
import type { RayClient, RuntimeEnvironment } from './ray-client.ts';

/** Where the Python of the job lies: `assets/cluster`. */
export interface JobFiles {
  readonly folder: string;
}

const jobFile = 'lenslet_job.py';
const requirementsFile = 'requirements.txt';

/** What Ray runs. @param numbers for its flags; anything else would be words of a shell */
export function entrypoint({ cpus, gpus, actors }: JobResources): string {
  const flags = { cpus, gpus, actors };
  return [
    `python ${jobFile}`,
    ...Object.entries(flags).map(([name, value]) => `--${name} ${Number(value)}`),
  ].join(' ');
}

/** What an actor takes. */
export interface JobResources {
  /** Cores, also parts of one. */
  readonly cpus: number;
  /** Part of a GPU; 0: processors alone. */
  readonly gpus: number;
  /** How many networks at most; 0: as many as fit. */
  readonly actors: number;
}

/** A file with the time of nothing: the same content is the same package. */
type Files = Record<string, [Uint8Array, { level: 0; mtime: string }]>;

const plain = { level: 0, mtime: '1980-01-02T00:00:00' } as const;

/** Uploads what a job needs. @returns the environment to run it in */
export async function uploadShards(
  client: RayClient,
  shards: string,
  { folder }: JobFiles,
  install: boolean,
  signal: AbortSignal,
): Promise<RuntimeEnvironment> {
  const record = shardsRecordSchema.parse(
    JSON.parse(await readFile(joinInside(shards, 'shards.json'), 'utf8')),
  );
  const names = [record.model.file, 'shards.json', ...(await namesIn(shards, 'golden'))];
  const files: Files = { [jobFile]: [await readFile(joinInside(folder, jobFile)), plain] };
  for (const name of names) files[name] = [await readFile(joinInside(shards, name)), plain];
  const work = await upload(client, files, signal);
  const archives: string[] = [];
  for (const { file } of record.shards)
    archives.push(
      await upload(client, { [file]: [await readFile(joinInside(shards, file)), plain] }, signal),
    );
  const environment = { working_dir: work, py_modules: archives };
  return install ? { ...environment, pip: await requirements(folder) } : environment;
}

async function namesIn(root: string, folder: string): Promise<string[]> {
  return (await readdir(joinInside(root, folder))).map((name) => `${folder}/${name}`);
}

function upload(client: RayClient, files: Files, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (const [name, [bytes]] of Object.entries(files))
    hash.update(`${name}\0${bytes.byteLength}\0`).update(bytes);
  return client.upload(hash.digest('hex'), () => zipSync(files), signal);
}

async function requirements(folder: string): Promise<string[]> {
  const text = await readFile(joinInside(folder, requirementsFile), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
