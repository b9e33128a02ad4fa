/** The names of all commands, written out so that the desktop program need not load them; a test compares the two. */
export const commandNames = [
  'serve',
  'doctor',
  'bench',
  'import',
  'check',
  'backbones',
  'project',
  'summary',
  'train',
  'evaluate',
  'compare',
  'calibrate',
  'cross-validate',
  'predict',
  'explain',
  'export',
] as const;
