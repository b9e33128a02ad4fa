/** The text of report-card.vue. */
export const reportText = {
  heading: 'Report and model card',
  purpose:
    'Data and split, leakage check, recipe, curves, matrix, figures with intervals, best and worst photos with heatmaps, limits, and the command that repeats the training. One page without scripts, made to be printed; the card has the fields that Hugging Face reads.',
  write: 'Write report',
  writing: 'Writing the report',
  alsoPdf: 'Also as PDF',
  withoutHeatmaps: 'Without heatmaps:',
  showTheFolder: 'Show the folder',
  kinds: { html: 'Report', pdf: 'Report as PDF', card: 'Model card' },
};
