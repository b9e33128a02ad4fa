/** The text of the lab's figures and controls. */

/** The text of classic-filter-controls.vue. */
export const classicFilterControlsText = {
  filter: 'Filter',
  shownAs: 'Shown as',
  moveThePhoto: 'Move the photo',
  moveThePhotoTo: 'Move the photo to the right, in pixels',
  myOwnFilter: 'My own filter',
  relu: 'ReLU',
  signed: 'Signed',
  strength: 'Strength',
  picture: 'Picture',
};

/** The text of convolution-figure.vue. */
export const convolutionFigureText = {
  positionOfTheFilter: 'Position of the filter',
  image: 'Image',
  withBorder: ', with border',
  filter: 'Filter',
  noOutput: 'No output',
  output: 'Output',
  windowFilterCellBy: (row: string | number, column: string | number): string =>
    `Window × filter, cell by cell: row ${row}, column ${column} of the output`,
  sum: 'sum',
  theFilterDoesNot: 'The filter does not fit',
  outputRowColumn: (
    row: string | number,
    column: string | number,
    value: string | number,
    sum: string | number,
  ): string => `Output row ${row}, column ${column}: ${value} = ${sum}`,
};

/** The text of grid-editor.vue. */
export const gridEditorText = {
  rowColumn: (name: string | number, r: string | number, c: string | number): string =>
    `${name}, row ${r}, column ${c}`,
};

/** The text of pooling-figure.vue. */
export const poolingFigureText = {
  positionOfThePooling: 'Position of the pooling window',
  theWindowDoesNot: 'The window does not fit',
  input: (image: string | number): string => `Input ${image} × ${image}`,
  noPositionFits: ': no position fits',
  inputGrid: 'Input',
  maxPooling: 'Max pooling',
  averagePooling: 'Average pooling',
};

/** The text of size-formula-note.vue. */
export const sizeFormulaNoteText = {
  outputSize: 'Output size',
  outputSizeInPadding: (word: string | number): string =>
    `Output size = (in − ${word} + 2·padding) / stride + 1 =`,
  roundedDown: (exact: string | number): string => `= ${exact}, rounded down`,
};

/** The text of stack-figure.vue. */
export const stackFigureText = {
  valueThatIsFollowed: 'Value that is followed back to the input',
  input: 'Input',
  conv: (size: string | number): string => `Conv ${size}×${size}`,
  rowColumnSeesInput: (
    title: string | number,
    row: string | number,
    column: string | number,
    from: string | number,
    to: string | number,
    from2: string | number,
    to2: string | number,
  ): string =>
    `${title}, row ${row}, column ${column}: sees input rows ${from} to ${to}, columns ${from2} to ${to2}`,
  maxPool: (size: number): string => `MaxPool ${size}×${size}`,
};

/** The text of step-buttons.vue. */
export const stepButtonsText = {
  positions: 'Positions',
  previousPosition: 'Previous position',
  previousTitle: 'Previous position (←)',
  pause: 'Pause',
  play: 'Play',
  playOrPauseSpace: 'Play or pause (Space)',
  nextPosition: 'Next position',
  nextTitle: 'Next position (→)',
  noPositionFits: 'No position fits',
  positionOf: (position: string | number, count: string | number): string =>
    `Position ${position} of ${count}`,
};
