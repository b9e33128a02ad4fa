/** Every campaign, in the order they are run: the quick ones first. */
import type { Campaign } from '../campaign.ts';
import { backup } from './backup.ts';
import { flippedBytes } from './flipped-bytes.ts';
import { fullDisk } from './full-disk.ts';
import { importCli } from './import-cli.ts';
import { labelServer } from './label-server.ts';
import { migration } from './migration.ts';
import { removedFolder } from './removed-folder.ts';
import { trainCli } from './train-cli.ts';
import { trainEngine } from './train-engine.ts';

export const campaigns: readonly Campaign[] = [
  removedFolder,
  fullDisk,
  flippedBytes,
  migration,
  backup,
  labelServer,
  importCli,
  trainEngine,
  trainCli,
];
