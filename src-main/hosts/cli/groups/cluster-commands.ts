/** The commands for work on other machines. */
import { Option } from 'commander';
import { between, projectFlag, whole } from '../flags.ts';
import type { Registrar } from './registrar.ts';
import { backboneFlags } from '../training-flags.ts';

/** `--on` and how the work is done there. */
export function onClusterFlags(): Option[] {
  return [
    new Option('--on <address>', 'a cluster of Ray that does the heavy part: the address of its dashboard'),
    new Option('--cpus <n>', 'with --on: cores for each network there, also parts of one').argParser(
      between(0.01, 64),
    ),
    new Option('--gpus <n>', 'with --on: part of a GPU for each network there').argParser(between(0.01, 8)),
    new Option('--install', 'with --on: Ray installs the Python packages of the job'),
  ];
}

/** Adds them. */
export function addClusterCommands(add: Registrar): void {
  add(
    'shard [project]',
    'write the photos with a network for other machines (archives, manifest, ONNX), or import their results',
    [
      projectFlag('the project folder'),
      new Option('--out <place>', 'the folder to make, or s3://BUCKET/PREFIX'),
      new Option('--import <place>', 'results.jsonl, a folder with results*.jsonl, or s3://BUCKET/PREFIX'),
      new Option('--run <run>', 'predictions of this run; without it, features of a pretrained network'),
      ...backboneFlags(),
      new Option('--per-shard <n>', 'photos in an archive').argParser(whole(1, 100_000)).default(1000),
      new Option('--overwrite', 'replace earlier shards at that place'),
    ],
  ).does(async () => (await import('../commands/clusters/shard.ts')).shard);
  add(
    'features',
    'compute the features of all photos that training, map and checks use, here or on a cluster',
    [projectFlag('the project folder').makeOptionMandatory(), ...backboneFlags(), ...onClusterFlags()],
  ).does(async () => (await import('../commands/clusters/features.ts')).features);
  add(
    'cluster <action> [address]',
    'add, list, remove or status: clusters of Ray that can do the heavy part',
    [],
  ).does(async () => (await import('../commands/clusters/cluster.ts')).cluster);
}
