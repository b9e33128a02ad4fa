/** The work in progress, in one line: for the status bar. */
import type { ImportState, MapRun, Progress, Run } from '../../../src-main/contract/app/index.ts';
import { count, duration, perSecond } from './format.ts';

export interface Activity {
  readonly what: string;
  /** Short facts, each shown with a dot between. */
  readonly facts: readonly string[];
  /** Null: in progress, but it is not known how far. */
  readonly fraction: number | null;
  readonly path: string;
}

function progressFacts(progress: Progress): string[] {
  const { done, total, rate, secondsLeft } = progress;
  return [
    total === null ? count(done) : `${count(done)} of ${count(total)}`,
    ...(rate > 0 ? [`${perSecond(rate)}/s`] : []),
    ...(secondsLeft === null ? [] : [`${duration(secondsLeft)} left`]),
  ];
}

/** A running import; null when it rests. */
export function importActivity(state: ImportState | null): Activity | null {
  if (state === null || state.status !== 'running') return null;
  const { progress } = state;
  return {
    what: `Importing ${state.source}`,
    facts: progressFacts(progress),
    fraction: progress.total === null || progress.total === 0 ? null : progress.done / progress.total,
    path: '/images',
  };
}

/** A map that is being computed; null when none is. */
export function mapActivity(run: MapRun | null): Activity | null {
  if (run?.status !== 'running') return null;
  const { progress } = run;
  return {
    what: 'Making the map',
    facts: [progress.phase, ...progressFacts(progress)],
    fraction: progress.total === null || progress.total === 0 ? null : progress.done / progress.total,
    path: '/map',
  };
}

/** Files on their way from the page; null when none are. */
export function uploadActivity(
  upload: { name: string; progress: { found: number; sent: number; complete: boolean } } | null,
): Activity | null {
  if (upload === null) return null;
  const { found, sent, complete } = upload.progress;
  return {
    what: `Sending ${upload.name}`,
    facts: [
      complete ? `${count(sent)} of ${count(found)}` : `${count(sent)} of ${count(found)} found so far`,
    ],
    fraction: complete && found > 0 ? sent / found : null,
    path: '/images',
  };
}

/** What a run does outside its steps, in words; its progress then counts photos, not steps. */
const phases: Readonly<Record<string, string>> = {
  'preparing images': 'Preparing your photos',
  'computing features': 'Looking at your photos',
  testing: 'Testing',
};

/** What an active run is at. */
export interface RunPhase {
  readonly what: string;
  /** The photos looked at so far, where steps are not what counts. */
  readonly photos: { readonly done: number; readonly total: number } | null;
}

/** What an active run is at, in words; null before it says. */
export function runPhase({ progress }: Run): RunPhase | null {
  if (progress === null) return null;
  const { phase, step: done, stepsPerEpoch: total } = progress;
  const what = phases[phase];
  if (what !== undefined) return { what, photos: { done, total } };
  return { what: phase.charAt(0).toUpperCase() + phase.slice(1), photos: null };
}

/** How far a run is, all epochs together, from 0 to 1. Photos that it looks at before an epoch are no part of it. */
export function runFraction(run: Run): number {
  const { progress, totalEpochs, history } = run;
  if (progress === null || runPhase(run)?.photos) return history.length / totalEpochs;
  const inEpoch = progress.stepsPerEpoch === 0 ? 0 : progress.step / progress.stepsPerEpoch;
  return Math.min(1, (Math.max(0, progress.epoch - 1) + inEpoch) / totalEpochs);
}

const runWords: Partial<Record<Run['status'], string>> = {
  preparing: 'Preparing',
  training: 'Training',
  paused: 'Paused',
  evaluating: 'Testing',
};

/** An active run; null for one that has ended. */
export function runActivity(run: Run | null): Activity | null {
  const word = run === null ? undefined : runWords[run.status];
  if (run === null || word === undefined) return null;
  const { progress } = run;
  const moving = progress !== null && run.status === 'training';
  const { what, photos } = runPhase(run) ?? { what: '', photos: null };
  const place =
    photos !== null
      ? [`${what.toLowerCase()}, ${count(photos.done)} of ${count(photos.total)}`]
      : progress !== null && progress.epoch > 0
        ? [`epoch ${progress.epoch} of ${run.totalEpochs}`]
        : [];
  return {
    what: `${word} ${run.name}`,
    facts: [
      ...place,
      ...(moving && progress.imagesPerSecond > 0 ? [`${perSecond(progress.imagesPerSecond)} images/s`] : []),
      ...(moving && progress.secondsLeft !== null ? [`${duration(progress.secondsLeft)} left`] : []),
    ],
    fraction: run.status === 'preparing' || run.status === 'evaluating' ? null : runFraction(run),
    path: '/train',
  };
}
