import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../../contract/shared/errors.ts';
import type { Epoch, Run } from '../../../contract/app/runs.ts';
import type { TrainingPlan } from '../../../contract/app/training.ts';
import type { TrainingMode, TrainingSettings } from '../../../contract/shared/training-settings.ts';
import { countsTable } from '../counts-table.ts';
import type { Output } from '../output.ts';
import { resolveRun } from '../run-reference.ts';
import { withSession, type Session } from '../session.ts';
import { settingsOf } from '../training-flags.ts';
import { duration, percent, shellWord } from '../text.ts';

interface Flags {
  readonly project?: string;
  readonly recipe?: string;
  readonly mode?: TrainingMode;
  readonly resume?: string;
}

interface Wanted {
  readonly recipe: string | undefined;
  readonly mode: TrainingMode | undefined;
  readonly settings: TrainingSettings;
}

/** Which folder and which run to continue; a new run when `run` is undefined. */
interface Target {
  readonly project: string;
  readonly run?: string;
}

function usageError(detail: string): AppError {
  return new AppError('USAGE_INVALID', { detail, command: 'train ' });
}

function targetOf(flags: Flags): Target {
  if (flags.mode !== undefined && flags.recipe !== undefined)
    throw usageError('--mode is for the one-click choice and --recipe for another: give one of them');
  if (flags.resume !== undefined) return resolveRun(flags.resume, flags.project);
  if (flags.project !== undefined) return { project: resolve(flags.project) };
  throw usageError('Required option --project <dir> not specified');
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

/** Says what is about to happen and why, before it does. */
function announce(output: Output, plan: TrainingPlan): void {
  for (const sentence of plan.reasons) output.say(sentence);
  const names = Object.keys({ ...plan.counts.train, ...plan.counts.validation, ...plan.counts.test });
  if (names.length > 0) output.say(`\n${countsTable(names, plan.counts)}\n`);
  for (const sentence of plan.warnings) output.say(`Note: ${sentence}`);
}

/**
 * A run continues as it began. The same flags may be given again; others would be ignored.
 * @throws AppError USAGE_INVALID
 */
function requireSame(run: Run, { recipe, mode, settings }: Wanted): void {
  const given = Object.entries({ recipe, ...settings });
  if (mode !== undefined) throw usageError('A resumed run keeps its recipe: leave --mode out');
  const own: Readonly<Record<string, unknown>> = { recipe: run.recipe, ...run.settings };
  const other = given.find(([key, value]) => value !== undefined && !isDeepStrictEqual(value, own[key]));
  if (other === undefined) return;
  const flag = other[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw usageError(
    `A resumed run keeps its settings, and its ${flag} is ${JSON.stringify(own[other[0]])}: leave --${flag} out, or train anew without --resume`,
  );
}

async function begin({ client, core }: Session, output: Output, flags: Flags, target: Target): Promise<Run> {
  const request = { recipe: flags.recipe, mode: flags.mode, settings: settingsOf(flags) };
  if (request.settings.backbone != null) await core.nameBackbone(request.settings.backbone);
  if (target.run !== undefined) {
    requireSame(await client.training.run({ run: target.run }), request);
    return client.training.resume({ run: target.run });
  }
  announce(output, await client.training.plan(request));
  return client.training.start(request);
}

/** Prints what is new in the run. @returns the last epoch printed */
function follow(output: Output, run: Run, printed: number): number {
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

/** Starts or resumes the run and follows it to its end. @throws AppError what it failed with */
async function trainToTheEnd(
  session: Session,
  output: Output,
  flags: Flags,
  target: Target,
  onStart: (run: Run) => void,
) {
  const events = await session.client.app.events(undefined, { signal: session.signal });
  // The first answer confirms the subscription: no event of the run is lost from here on.
  await events.next();
  const first = await begin(session, output, flags, target);
  onStart(first);
  const { id: run, engine, device, params, trainableWeights, settings } = first;
  output.answer(
    { event: 'started', run, engine, device, params, trainableWeights, recipe: first.recipe, settings },
    null,
  );
  // A resumed run's earlier epochs have been printed the first time.
  let printed = target.run === undefined ? 0 : (first.history.at(-1)?.epoch ?? 0);
  for await (const event of events) {
    if (event.type !== 'run' || event.run.id !== run) continue;
    printed = follow(output, event.run, printed);
    if (event.run.error !== null) throw AppError.fromData(event.run.error);
    if (event.run.status === 'interrupted') throw new AppError('CANCELLED');
    if (event.run.status !== 'done' && event.run.status !== 'stopped') continue;
    finish(output, event.run, join(target.project, 'runs', run));
    return;
  }
  throw new AppError('CANCELLED');
}

/** `lenslet train`. Ctrl-C leaves a run that `--resume` continues. */
export async function train(output: Output, flags: Flags): Promise<void> {
  const target = targetOf(flags);
  let begun: Run | undefined;
  try {
    await withSession(output, async (session) => {
      await session.openProject(target.project);
      await trainToTheEnd(session, output, flags, target, (run) => (begun = run));
    });
  } catch (thrown) {
    const run = begun?.id;
    if (run !== undefined)
      output.say(`Go on with: lenslet train --project ${shellWord(target.project)} --resume ${run}`);
    throw thrown;
  }
}
