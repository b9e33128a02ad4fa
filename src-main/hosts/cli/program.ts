/** The commands and their words and flags. What they do is in commands/, loaded only when called. */
import { Command, Option } from 'commander';
import { layerNamings } from '../../contract/shared/keras-names.ts';
import { trainingModes } from '../../contract/shared/training-settings.ts';
import { programVersion } from '../node/places.ts';
import { checkIds } from './ids/check-ids.ts';
import { exportIds, exportPrecisions } from './ids/export-ids.ts';
import { addClusterCommands, onClusterFlags } from './groups/cluster-commands.ts';
import { addLessonCommands } from './groups/lesson-commands.ts';
import { between, jsonFlag, listed, modelServerFlags, projectFlag, serverFlags, whole } from './flags.ts';
import { explainFlags, preprocessFlag } from './explain-flags.ts';
import type { Output } from './output.ts';
import type { CommandBody, Registrar } from './groups/registrar.ts';
import { parseFractions, splitGroups } from './split-flags.ts';
import { sortFlags } from './commands/sort/sort-flags.ts';
import { engineFlags } from './engine-flags.ts';
import { networkFlags, trainingFlags } from './training-flags.ts';

function registrar(program: Command, output: Output): Registrar {
  return (signature, description, options) => {
    const command = program.command(signature).description(description);
    for (const option of [...options, jsonFlag()]) command.addOption(option);
    return {
      does<Words extends unknown[], Flags>(load: () => Promise<CommandBody<Words, Flags>>) {
        command.action(async () => {
          const body = await load();
          await body(output, command.opts() as Flags, ...(command.processedArgs as Words));
        });
      },
    };
  };
}

function addAppCommands(program: Command, add: Registrar, output: Output): void {
  const app = program.command('app', { isDefault: true, hidden: true });
  for (const option of serverFlags()) app.addOption(option);
  app.addOption(jsonFlag());
  app.action(async () => {
    const { openApp } = await import('./commands/open-app.ts');
    await openApp(output, app.opts());
  });
  add(
    'serve',
    'serve the app to a browser, or a model to other programs (--model); prints one line with the full address',
    [...serverFlags(), ...modelServerFlags()],
  ).does(async () => (await import('./commands/serve.ts')).serve);
  add(
    'doctor',
    'the engine chosen and why, what was rejected and how to mend it, a self-test, the speed',
    [],
  ).does(async () => (await import('./commands/doctor.ts')).doctor);
  add('bench', 'measure the speed on this machine, in turn with a peer; from a checkout only', [
    new Option('--peer <name>', 'what to compare with; installed once into the cache folder')
      .choices(['keras', 'none'])
      .default('none'),
    new Option('--only <works>', 'works to measure, separated by commas; --list shows them'),
    new Option('--rounds <n>', 'how often the two take turns').argParser(whole(1, 1000)),
    new Option('--long', 'more rounds and more images'),
    new Option('--list', 'list the works'),
  ]).does(async () => (await import('./commands/bench.ts')).bench);
}

function addDataCommands(add: Registrar): void {
  add(
    'import <source...>',
    'import class folders, train/validation/test folders, zip archives, CSV lists or MNIST idx files; the project is made when missing',
    [projectFlag('the project folder').makeOptionMandatory()],
  ).does(async () => (await import('./commands/import.ts')).importSources);
  add('check', 'look for what spoils a dataset: leaks, duplicates, wrong labels, bad photos', [
    projectFlag('the project folder').makeOptionMandatory(),
    new Option('--only <ids>', `checks to run, separated by commas: ${checkIds.join(', ')}`).argParser(
      listed(checkIds),
    ),
  ]).does(async () => (await import('./commands/check.ts')).check);
  add(
    'backbones <action> [what]',
    'list, add ID|PATH, remove ID or verify [ID]: pretrained networks on this machine',
    [],
  ).does(async () => (await import('./commands/backbones.ts')).backbones);
  add(
    'project <action>',
    'backup, restore, info or rename: copies of the project’s database, what it holds, its name',
    [
      projectFlag('the project folder').makeOptionMandatory(),
      new Option('--from <name>', 'restore this backup; without it the newest that is whole'),
      new Option('--name <name>', 'rename: the new name'),
    ],
  ).does(async () => (await import('./commands/project.ts')).project);
  add(
    'summary <what>',
    'the layer table of a recipe, a backbone, a run or a model file (model.json, .h5, .keras)',
    [
      projectFlag('the project of the run, or whose classes the recipe is for'),
      ...networkFlags(),
      new Option('--classes <k>', 'number of classes').argParser(whole(2, 100_000)),
      new Option(
        '--names <kind>',
        'print the table as Keras does: names as keras (max_pooling2d_1) or the lecture (maxpooling2d_1)',
      ).choices(layerNamings),
      new Option('--base', 'the convolutional base alone, without the head'),
    ],
  ).does(async () => (await import('./commands/summary.ts')).summary);
}

function addEditCommands(add: Registrar): void {
  const project = (): Option => projectFlag('the project folder').makeOptionMandatory();
  const times = (): Option =>
    new Option('--times <n>', 'how many edits').argParser(whole(1, 10_000)).default(1);
  add('label', 'label photos; a class that is new is made', [
    project(),
    new Option(
      '--images <glob|list>',
      'which: a pattern of their paths, as “cats/*.jpg”, or a file with one path a line',
    ).makeOptionMandatory(),
    new Option('--class <name>', 'the class; none to remove the label').makeOptionMandatory(),
  ]).does(async () => (await import('./commands/edits/label.ts')).label);
  add('undo', 'take back the last edit of labels, classes, splits or findings', [project(), times()]).does(
    async () => (await import('./commands/edits/history.ts')).undo,
  );
  add('redo', 'do again what was undone last', [project(), times()]).does(
    async () => (await import('./commands/edits/history.ts')).redo,
  );
  add('split', 'assign the labelled photos to training, validation and test, the same share of every class', [
    project(),
    new Option('--fractions <a/b/c>', 'percent of each')
      .argParser(parseFractions)
      .default({ train: 0.7, validation: 0.15, test: 0.15 }, '70/15/15'),
    new Option(
      '--by <what>',
      'what stays in one part: near-duplicates and bursts (group), and besides those of a folder, or of one session (time)',
    )
      .choices(Object.keys(splitGroups))
      .default('group'),
    new Option('--seed <n>', 'draws the split').argParser(whole(0)).default(1),
    new Option('--keep', 'photos that are in a split stay in it; only the others are assigned'),
  ]).does(async () => (await import('./commands/edits/split.ts')).split);
  add('fix <check>', 'run a check and fix all that it finds, as one edit; undo takes it back', [
    project(),
    new Option('--dry-run', 'say what it would do, and change nothing'),
  ]).does(async () => (await import('./commands/edits/fix.ts')).fix);
}

function addRunCommands(add: Registrar, recipes: readonly string[]): void {
  const ofRun = (): Option => projectFlag('the project of the run, when it is given by its id');
  add('extend <run>', 'train a finished run for more epochs', [
    ofRun(),
    new Option('--epochs <n>', 'how many more').argParser(whole(1, 10_000)).makeOptionMandatory(),
  ]).does(async () => (await import('./commands/runs/extend.ts')).extend);
  add('repeat <run>', 'train the same with other seeds, one after another, to see how much is chance', [
    ofRun(),
    new Option('--seeds <n>', 'how many runs').argParser(whole(2, 20)).makeOptionMandatory(),
  ]).does(async () => (await import('./commands/runs/repeat.ts')).repeat);
  add('find-rate', 'try learning rates from tiny to large, a step each, and suggest one; nothing is kept', [
    projectFlag('the project folder').makeOptionMandatory(),
    new Option('--recipe <id>', `one of: ${recipes.join(', ')}; without it Lenslet chooses`),
    ...trainingFlags(),
  ]).does(async () => (await import('./commands/runs/find-rate.ts')).findRate);
}

function addTrainingCommands(add: Registrar, recipes: readonly string[]): void {
  add('train', 'train a recipe on the project’s images and test it', [
    projectFlag('the project folder'),
    new Option('--recipe <id>', `one of: ${recipes.join(', ')}; without it Lenslet chooses`),
    new Option(
      '--mode <kind>',
      'how much it trains then: a head; the last layers too, where that gains; the same on the best network here',
    ).choices(trainingModes),
    ...trainingFlags(),
    ...engineFlags(),
    new Option('--resume <run>', 'continue an interrupted run'),
    ...onClusterFlags(),
  ]).does(async () => (await import('./commands/train.ts')).train);
  add('evaluate <run>', 'loss, accuracy, precision, recall and confusion matrix of a run', [
    projectFlag('the project of the run, when it is given by its id'),
    new Option('--split <split>', 'the images to use')
      .choices(['train', 'validation', 'test'])
      .default('test'),
  ]).does(async () => (await import('./commands/evaluate.ts')).evaluate);
  add(
    'compare <run> <others...>',
    'what changed from a run to others, on the photos that both were measured on: accuracy and recall with intervals, McNemar’s test, photos that flipped',
    [
      projectFlag('the project of the runs, when they are given by their ids'),
      new Option('--split <split>', 'the images to use')
        .choices(['train', 'validation', 'test'])
        .default('test'),
    ],
  ).does(async () => (await import('./commands/compare.ts')).compare);
  add(
    'calibrate <run>',
    'fit to the validation photos how sure a run may be, and when it says “I don’t know”; training does it by itself',
    [
      projectFlag('the project of the run, when it is given by its id'),
      new Option('--keep <share>', 'share of right answers that is kept; 0.95 without it').argParser(
        between(0.5, 0.999),
      ),
    ],
  ).does(async () => (await import('./commands/calibrate.ts')).calibrate);
  add(
    'cross-validate',
    'what to expect of a project, by folds of its training and validation photos; the test photos stay unused',
    [
      projectFlag('the project folder').makeOptionMandatory(),
      new Option('--folds <k>', 'how many folds').argParser(whole(2, 20)).default(5),
      new Option('--seed <n>', 'draws the folds').argParser(whole(0)).default(1),
    ],
  ).does(async () => (await import('./commands/cross-validate.ts')).crossValidate);
  add(
    'predict <model> [image...]',
    'predict photos or folders of photos with a run or a model file (model.json, .h5, .keras); with --on, the photos of the project',
    [
      projectFlag('the project of the run, when it is given by its id'),
      new Option('--top <k>', 'how many classes to show').argParser(whole(1)),
      new Option('--csv <file>', 'also write a table'),
      preprocessFlag(),
      new Option('--classes <file>', 'class names of a model file: one a line, or JSON'),
      ...onClusterFlags(),
    ],
  ).does(async () => (await import('./commands/predict.ts')).predict);
  add(
    'sort [model] [folder]',
    'sort a folder of photos into class folders with a run, a model file or an export; --undo puts all back',
    sortFlags(),
  ).does(async () => (await import('./commands/sort/sort.ts')).sort);
  add(
    'export <run>',
    'take the model of a run, or its photos (dataset-…), out for other programs; the export is proved before it is done',
    [
      projectFlag('the project of the run, when it is given by its id'),
      new Option('--format <id>', 'what it is for').choices(exportIds).makeOptionMandatory(),
      new Option('--precision <kind>', 'of the numbers in it, for litert').choices(exportPrecisions),
      new Option('--out <path>', 'the folder to make').makeOptionMandatory(),
      new Option('--overwrite', 'replace an earlier export at that place'),
    ],
  ).does(async () => (await import('./commands/export.ts')).exportRun);
  add(
    'report <run>',
    'write a run down for people: figures with intervals, matrix, best and worst photos with heatmaps, limits and the command that repeats it',
    [
      projectFlag('the project of the run, when it is given by its id'),
      new Option(
        '--out <file>',
        'report.html, report.pdf, or README.md for a model card',
      ).makeOptionMandatory(),
      new Option('--overwrite', 'replace the file that is there'),
    ],
  ).does(async () => (await import('./commands/report.ts')).report);
  add(
    'explain <what> <model>',
    'what a run or a model file sees: activations, filters or heatmap, as a picture',
    explainFlags(),
  ).does(async () => (await import('./commands/explain.ts')).explain);
}

/**
 * The whole command line.
 * @param recipes ids for the help text
 */
export function createProgram(output: Output, recipes: readonly string[]): Command {
  const program = new Command('lenslet')
    .description('Train, test and use an image classifier on your own photos.')
    .version(programVersion(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', '\nWithout a command the app opens. Everything it does, the commands do too.');
  const add = registrar(program, output);
  addAppCommands(program, add, output);
  addDataCommands(add);
  addEditCommands(add);
  addTrainingCommands(add, recipes);
  addRunCommands(add, recipes);
  addLessonCommands(add);
  addClusterCommands(add);
  return program;
}
