/** The text of the curves. */
export const chartsText = {
  smoothing: 'Smoothing',
  smoothingOfTheCurves: 'Smoothing of the curves',
  asInTheBook: '0.8, as in the book',
  notSmoothed: 'None',
};
