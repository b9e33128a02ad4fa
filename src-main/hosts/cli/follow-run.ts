/** Follows a run to its end: a line for each epoch, progress in between. */
import { join } from 'node:path';
import type { AppEvent } from '../../contract/app/app.ts';
import type { Epoch, Run } from '../../contract/app/runs.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { Output } from './output.ts';
import type { Session } from './session.ts';
import { duration, percent } from './text.ts';

/** A run that was begun, to be followed. */
export interface Followed {
  readonly run: Run;
  /** The project's folder. */
  readonly project: string;
  /** The last epoch that was printed before; 0: none. */
  readonly printed: number;
}

/** The events of the app, from before the run begins: none of its own is lost then. */
export async function openEvents({ client, signal }: Session): Promise<AsyncIterator<AppEvent>> {
  const events = await client.app.events(undefined, { signal });
  // The first answer confirms the subscription.
  await events.next();
  return events;
}

function epochLine(epoch: Epoch, { recipe, totalEpochs: epochs }: Run): string {
  const width = String(epochs).length;
  const name = recipe === 'linear-probe' ? 'head' : `epoch ${String(epoch.epoch).padStart(width)}/${epochs}`;
  const validation =
    epoch.valLoss === null || epoch.valAccuracy === null
      ? ''
      : `  validation loss ${epoch.valLoss.toFixed(4)}  accuracy ${percent(epoch.valAccuracy)}`;
  return (
    `${name}  loss ${epoch.loss.toFixed(4)}  ` +
    `accuracy ${percent(epoch.accuracy)}${validation}  ${duration(epoch.seconds)}`
  );
}

function drawProgress(output: Output, run: Run): void {
  const { progress, totalEpochs } = run;
  if (progress === null) return;
  const left = progress.secondsLeft === null ? '' : `, ${duration(progress.secondsLeft)} left`;
  const pace = progress.imagesPerSecond > 0 ? `, ${progress.imagesPerSecond.toFixed(0)} images/s` : '';
  output.progress(
    progress.step / Math.max(1, progress.stepsPerEpoch),
    `epoch ${progress.epoch}/${totalEpochs} ${progress.phase}${pace}${left}`,
  );
}

/** Prints what is new in the run. @returns the last epoch printed */
function printNews(output: Output, run: Run, printed: number): number {
  const epochs = run.totalEpochs;
  const added = run.history.filter(({ epoch }) => epoch > printed);
  for (const epoch of added) output.answer({ event: 'epoch', epochs, ...epoch }, epochLine(epoch, run));
  drawProgress(output, run);
  return added.at(-1)?.epoch ?? printed;
}

function finish(output: Output, run: Run, folder: string): void {
  const tested =
    run.test === null
      ? ''
      : `; test accuracy ${percent(run.test.accuracy)}, loss ${run.test.loss.toFixed(4)}`;
  output.answer(
    { event: 'done', run: run.id, path: folder, seconds: run.seconds, status: run.status, test: run.test },
    `Done in ${duration(run.seconds)}${tested}.\nRun ${run.id} in ${folder}`,
  );
}

/** Says what a run is, before its first epoch. */
export function sayStarted(output: Output, first: Run): void {
  const { id: run, engine, device, params, trainableWeights, settings, recipe } = first;
  output.answer({ event: 'started', run, engine, device, params, trainableWeights, recipe, settings }, null);
}

/**
 * Prints a run until it ends.
 * @param events as `openEvents` gave them before the run began
 * @throws AppError what it failed with; CANCELLED when it was interrupted
 */
export async function followRun(
  output: Output,
  events: AsyncIterator<AppEvent>,
  { run, project, printed: before }: Followed,
): Promise<Run> {
  let printed = before;
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    const { value: event } = next;
    if (event.type !== 'run' || event.run.id !== run.id) continue;
    printed = printNews(output, event.run, printed);
    if (event.run.error !== null) throw AppError.fromData(event.run.error);
    if (event.run.status === 'interrupted') throw new AppError('CANCELLED');
    if (event.run.status !== 'done' && event.run.status !== 'stopped') continue;
    finish(output, event.run, join(project, 'runs', run.id));
    return event.run;
  }
  throw new AppError('CANCELLED');
}
