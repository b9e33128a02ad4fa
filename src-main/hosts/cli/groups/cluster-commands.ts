/** The commands for work on other machines. */
import { Option } from 'commander';
import { projectFlag, whole } from '../flags.ts';
import type { Registrar } from './registrar.ts';
import { backboneFlags } from '../training-flags.ts';

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
  ).does(async () => (await import('../commands/shard.ts')).shard);
}
