import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../../contract/shared/errors.ts';
import type { Run } from '../../../contract/app/runs.ts';
import type { TrainingPlan } from '../../../contract/app/training.ts';
import type { TrainingMode, TrainingSettings } from '../../../contract/shared/training-settings.ts';
import { countsTable } from '../counts-table.ts';
import { type EngineFlags, engineEnvironmentOf } from '../engine-flags.ts';
import { followRun, openEvents, sayStarted } from '../follow-run.ts';
import { type OnCluster, clusterText, computeOnCluster } from './clusters/on-cluster.ts';
import type { Output } from '../output.ts';
import { resolveRun } from '../run-reference.ts';
import { withSession, type Session } from '../session.ts';
import { settingsOf } from '../training-flags.ts';
import { shellWord } from '../text.ts';

interface Flags extends EngineFlags, OnCluster {
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

/** Has a cluster compute the features that the run learns from; the head is learnt here. */
async function computeFirst(
  session: Session,
  output: Output,
  { recipe, settings, stages, blocker }: TrainingPlan,
  flags: OnCluster & { readonly on: string },
): Promise<void> {
  if (blocker !== null) throw AppError.fromData(blocker);
  const { backbone, imageSize, pooling, preprocess, augmentedCopies } = settings;
  const isSuited =
    backbone !== null &&
    pooling === 'average' &&
    preprocess === 'auto' &&
    augmentedCopies === 0 &&
    stages[0]?.input === 'features';
  if (!isSuited) throw new AppError('CLUSTER_RECIPE_UNSUITED', { recipe });
  output.say(clusterText(await computeOnCluster(session, output, { backbone, imageSize }, flags)));
}

async function begin(session: Session, output: Output, flags: Flags, target: Target): Promise<Run> {
  const { client, core } = session;
  const request = { recipe: flags.recipe, mode: flags.mode, settings: settingsOf(flags) };
  if (request.settings.backbone != null) await core.nameBackbone(request.settings.backbone);
  if (target.run !== undefined) {
    requireSame(await client.training.run({ run: target.run }), request);
    return client.training.resume({ run: target.run });
  }
  const plan = await client.training.plan(request);
  announce(output, plan);
  if (flags.on !== undefined) await computeFirst(session, output, plan, { ...flags, on: flags.on });
  return client.training.start(request);
}

/** Starts or resumes the run and follows it to its end. @throws AppError what it failed with */
async function trainToTheEnd(
  session: Session,
  output: Output,
  flags: Flags,
  target: Target,
  onStart: (run: Run) => void,
) {
  const events = await openEvents(session);
  const run = await begin(session, output, flags, target);
  onStart(run);
  sayStarted(output, run);
  // A resumed run's earlier epochs have been printed the first time.
  const printed = target.run === undefined ? 0 : (run.history.at(-1)?.epoch ?? 0);
  await followRun(output, events, { run, project: target.project, printed });
}

/** `lenslet train`. Ctrl-C leaves a run that `--resume` continues. */
export async function train(output: Output, flags: Flags): Promise<void> {
  const target = targetOf(flags);
  let begun: Run | undefined;
  try {
    await withSession(
      output,
      async (session) => {
        await session.openProject(target.project);
        await trainToTheEnd(session, output, flags, target, (run) => (begun = run));
      },
      engineEnvironmentOf(flags),
    );
  } catch (thrown) {
    const run = begun?.id;
    if (run !== undefined)
      output.say(`Go on with: lenslet train --project ${shellWord(target.project)} --resume ${run}`);
    throw thrown;
  }
}
