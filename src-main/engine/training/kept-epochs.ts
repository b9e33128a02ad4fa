/**
 * The models of some epochs, kept beside the last one so that they can be looked into and compared. Bounded: seven of
 * them for 100 epochs, ten for 1,000, none larger than 64 MB; the lesson's network from scratch has 14 MB. They go with
 * the run when it is deleted.
 */

/** Larger models are not kept twice: a run should not fill the disk for the sake of a comparison. */
const maxParameters = 16_000_000;

/** True for the epochs 1, 2, 5, 10, 20, 50, …: much changes early, little later. */
export function isKeptEpoch(epoch: number, parameters: number): boolean {
  const power = 10 ** Math.floor(Math.log10(epoch));
  return parameters <= maxParameters && [1, 2, 5].includes(epoch / power);
}

/** Where the model of an epoch lies in the run's folder. */
export function epochFolder(epoch: number): string {
  return `epochs/${epoch}`;
}
