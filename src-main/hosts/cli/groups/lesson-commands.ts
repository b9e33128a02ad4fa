/** The commands for what the lesson teaches: arithmetic, costs, batches. */
import { Option } from 'commander';
import { projectFlag, whole } from '../flags.ts';
import { networkFlags } from '../training-flags.ts';
import type { Registrar } from './registrar.ts';

function sheetFlags(): Option[] {
  return [
    projectFlag('the project folder').makeOptionMandatory(),
    new Option('--preset <id>', 'ready-made changes, as off or lesson; the project’s when left out'),
    new Option('--out <file>', 'the pictures on one sheet, as PNG'),
  ];
}

/** Adds them. */
export function addLessonCommands(add: Registrar): void {
  add(
    'layers <what>',
    'what each layer of a recipe, backbone, run or model file sees (receptive field), multiplies and keeps in memory; with --times how long it takes here',
    [
      projectFlag('the project of the run, or whose classes the recipe is for'),
      ...networkFlags(),
      new Option('--classes <k>', 'number of classes').argParser(whole(2, 100_000)),
      new Option('--images <n>', 'how many images the costs are for').argParser(whole(1)).default(1),
      new Option('--times', 'measure the layers of a run or a model file on this machine'),
    ],
  ).does(async () => (await import('../commands/lesson/layers.ts')).layers);
  add(
    'lab <what>',
    'convolution or pooling of a small grid, with the sums of every position (--steps); the lesson’s grids when none are given',
    [
      new Option('--image <grid>', 'rows of numbers: “1 2 3; 4 5 6; 7 8 9”, or JSON'),
      new Option('--filter <grid>', 'likewise, for a convolution'),
      new Option('--stride <n>', 'cells from one position to the next').argParser(whole(1, 100)),
      new Option('--padding <kind>', 'inside only, or with a border of zeros')
        .choices(['valid', 'same'])
        .default('valid'),
      new Option('--kind <kind>', 'which value pooling keeps').choices(['max', 'average']).default('max'),
      new Option('--size <n>', 'side of pooling’s window').argParser(whole(1, 100)).default(2),
      new Option('--steps', 'every position with its products'),
    ],
  ).does(async () => (await import('../commands/lesson/lab.ts')).lab);
  add(
    'batch',
    'a batch of training as the network gets it: photos, labels, shapes, values, and a sheet of it',
    [
      ...sheetFlags(),
      new Option('--recipe <id>', 'the recipe; one that sees pictures'),
      ...networkFlags(),
      new Option('--batch-size <n>', 'images per step').argParser(whole(1, 4096)),
      new Option('--seed <n>', 'seed of the run').argParser(whole(0)),
      new Option('--step <n>', 'which step, from 1').argParser(whole(1)).default(1),
      new Option('--plain', 'the sheet before augmentation'),
    ],
  ).does(async () => (await import('../commands/lesson/batch.ts')).batch);
  add('augment', 'one photo several times, changed at random as training changes it, on a sheet', [
    ...sheetFlags(),
    new Option(
      '--image <path>',
      'which photo, by its path or a pattern; one of the training photos when left out',
    ),
    new Option('--count <n>', 'how many results').argParser(whole(1, 64)).default(15),
    new Option('--seed <n>', 'seed of the changes').argParser(whole(0)).default(1),
  ]).does(async () => (await import('../commands/lesson/batch.ts')).augment);
}
