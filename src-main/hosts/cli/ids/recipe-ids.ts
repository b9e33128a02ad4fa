/** What `--help` lists. Written out, because loading the recipes would make the help slow; a test compares them. */
export const recipeIds: readonly string[] = [
  'linear-probe',
  'tuned-probe',
  'feature-extraction',
  'frozen-augmented',
  'fine-tuning',
  'scratch',
  'augmented',
  'mnist',
  'mnist-no-pooling',
];
