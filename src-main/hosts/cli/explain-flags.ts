/** Flags of `lenslet explain`. */
import { Option } from 'commander';
import { positive, projectFlag, whole } from './flags.ts';

/** `--preprocess KIND`, for model files that do not say it themselves. */
export function preprocessFlag(): Option {
  const kinds = ['none', '0-1', '-1-1', 'imagenet'];
  return new Option('--preprocess <kind>', 'what a model file expects of its pixels').choices(kinds);
}

/** All flags of `explain`. */
export function explainFlags(): Option[] {
  return [
    projectFlag('the project of the run, when it is given by its id'),
    new Option('--image <file>', 'the photo; filters need none'),
    new Option('--layer <name>', 'the layer; chosen when left out'),
    new Option(
      '--class <id>',
      'the class a heatmap is for, by number or name; the predicted one when left out',
    ),
    new Option('--out <file>', 'where to write the picture: .png or .svg').makeOptionMandatory(),
    new Option('--method <id>', 'how the heatmap is made')
      .choices(['grad-cam', 'grad-cam-plus-plus', 'occlusion'])
      .default('grad-cam'),
    new Option('--intensity <x>', 'share of the heatmap’s colours; 0.4 when left out').argParser(positive(1)),
    new Option('--first <n>', 'the first filter shown').argParser(whole(0)).default(0),
    new Option('--count <n>', 'how many filters are shown').argParser(whole(1, 2048)).default(64),
    new Option('--size <n>', 'side of a filter’s pattern, in pixels').argParser(whole(16, 512)).default(64),
    new Option('--steps <n>', 'steps of gradient ascent').argParser(whole(1, 1000)).default(40),
    new Option('--seed <n>', 'seed of the noise that patterns begin with').argParser(whole(0)).default(0),
    new Option('--jitter <n>', 'shifts patterns by up to so many pixels between steps')
      .argParser(whole(0, 32))
      .default(0),
    new Option('--blur <x>', 'blurs patterns between steps, in pixels').argParser(positive(5)).default(0),
    new Option('--octaves <n>', 'begins small and enlarges so many times').argParser(whole(1, 6)).default(1),
    preprocessFlag(),
  ];
}
