/** Checks in words: how grave, how fresh, how far. */
import type {
  Change,
  CheckInfo,
  CheckRun,
  DatasetImage,
  Finding,
  Severity,
} from '../../../src-main/contract/app/index.ts';
import { unpackRanges } from '../../../src-main/contract/shared/id-ranges.ts';
import type { Activity } from '../../shared/text/activity.ts';
import { ago, count, duration, plural, splitWords, splits } from '../../shared/text/format.ts';

/** How a severity looks and reads. */
export const severityLooks = {
  error: { word: 'Spoils the result', icon: 'i-lucide-octagon-alert', colour: 'error', text: 'text-error' },
  warning: {
    word: 'Worth mending',
    icon: 'i-lucide-triangle-alert',
    colour: 'warning',
    text: 'text-warning',
  },
  note: { word: 'Good to know', icon: 'i-lucide-info', colour: 'neutral', text: 'text-muted' },
} as const satisfies Record<Severity, object>;

/** Checks as the overview groups them. */
export interface CheckGroups {
  /** With findings. */
  readonly found: readonly CheckInfo[];
  /** Run, and nothing found. */
  readonly clean: readonly CheckInfo[];
  /** Not run yet, or not able to. */
  readonly waiting: readonly CheckInfo[];
}

/** Sorts checks by what is to be done about them; each group keeps the order of the registry. */
export function groupChecks(checks: readonly CheckInfo[]): CheckGroups {
  const hasRun = ({ status }: CheckInfo): boolean => status === 'fresh' || status === 'stale';
  const grave: readonly Severity[] = ['error', 'warning', 'note'];
  return {
    found: checks
      .filter((check) => hasRun(check) && check.findings > 0)
      .sort((a, b) => grave.indexOf(a.severity) - grave.indexOf(b.severity)),
    clean: checks.filter((check) => hasRun(check) && check.findings === 0),
    waiting: checks.filter((check) => !hasRun(check)),
  };
}

/** When the last of the checks ran. */
export function lastRun(checks: readonly CheckInfo[]): string | null {
  const times = checks.flatMap(({ ranAt }) => ranAt ?? []);
  return times.length === 0 ? null : times.reduce((last, time) => (time > last ? time : last));
}

/** `12 findings, 31 photos`; what is about no photo names none. */
export function findingsText({ findings, images }: Pick<CheckInfo, 'findings' | 'images'>): string {
  const found = plural(findings, 'finding');
  return images === 0 || images === findings ? found : `${found}, ${plural(images, 'photo')}`;
}

/** When and of what: `2 min ago`, `before the last edits, 2 min ago`. */
export function freshnessText({ status, ranAt }: Pick<CheckInfo, 'status' | 'ranAt'>): string {
  if (ranAt === null) return 'Not run yet';
  return status === 'stale' ? `Before the last changes, ${ago(ranAt)}` : `Checked ${ago(ranAt)}`;
}

/** What a check needs that is not there, in a sentence. */
export function needsText({ needs }: Pick<CheckInfo, 'needs'>, hasBackbone: boolean): string {
  if (needs === null) return '';
  return hasBackbone
    ? 'Looks at the photos through your pretrained network. Not run yet, or the engine was busy training.'
    : `Needs ${needs}, and there is none on this computer.`;
}

const phases: Record<string, string> = {
  'preparing photos': 'Reading photos',
  'measuring photos': 'Measuring photos',
  'comparing photos': 'Comparing photos',
};

/** A running run for the status bar; null when it rests. */
export function checksActivity(run: CheckRun | null): Activity | null {
  if (run?.status !== 'running') return null;
  const { phase, done, total, secondsLeft } = run.progress;
  return {
    what: 'Checking photos',
    facts: [
      phases[phase] ?? phase,
      ...(total !== null && total > 1 ? [`${count(done)} of ${count(total)}`] : []),
      ...(secondsLeft === null || secondsLeft < 1 ? [] : [`${duration(secondsLeft)} left`]),
    ].filter((fact) => fact !== ''),
    fraction: total === null || total === 0 ? null : done / total,
    path: '/check',
  };
}

/** What a screen reader hears when a run ends. */
export function runEndSentence(run: CheckRun): string {
  if (run.status === 'cancelled') return 'Checks cancelled.';
  if (run.status === 'failed') return `Checks failed. ${run.error?.message ?? ''} ${run.error?.remedy ?? ''}`;
  return `Checks finished: ${run.findings === 0 ? 'nothing found' : plural(run.findings, 'finding')}.`;
}

/** `cat 12.jpg, cats, training`: a photo for those who do not see it. */
export function photoWords(
  image: DatasetImage | undefined,
  classes: ReadonlyMap<number, { name: string }>,
): string {
  if (image === undefined) return 'Photo';
  const label = image.classId === null ? 'no label' : (classes.get(image.classId)?.name ?? '');
  const split = image.split === null ? 'in no split' : splitWords[image.split].toLowerCase();
  return [fileName(image.path), label, split].join(', ');
}

/** The name of a file without its folders. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the photos of a finding are, in short. */
export interface FindingFacts {
  /** Class ids, the most frequent first; null for no label. */
  readonly classes: readonly (number | null)[];
  /** `2 training, 1 test`; of one photo only the word. */
  readonly splits: string;
}

/** Classes and splits of the photos of a finding that are known. */
export function factsOf(finding: Finding, photos: ReadonlyMap<number, DatasetImage>): FindingFacts {
  const known = finding.sample.flatMap((id) => photos.get(id) ?? []);
  const byClass = Map.groupBy(known, ({ classId }) => classId);
  const places = [...splits, null].flatMap((split) => {
    const images = known.filter((image) => image.split === split).length;
    const word = split === null ? 'in no split' : splitWords[split].toLowerCase();
    return images === 0 ? [] : [known.length === 1 ? word : `${count(images)} ${word}`];
  });
  return {
    classes: [...byClass].sort(([, a], [, b]) => b.length - a.length).map(([id]) => id),
    splits: places.join(', '),
  };
}

/** What a kind of edit leaves as it is, for those who fear for their files. */
export function keptSentence(edit: string | null): string {
  if (edit === 'exclude')
    return 'Excluded photos are left out of training, testing and checks. The files stay where they are, and Images can bring the photos back.';
  return 'Only what Lenslet knows about the photos changes; the files stay as they are.';
}

/** Where the photos of a check, or of one finding, are shown in the grid. */
export function imagesLink(query: { check: string } | { finding: number }): {
  path: string;
  query: Record<string, string>;
} {
  return {
    path: '/images',
    query: 'check' in query ? { check: query.check } : { finding: String(query.finding) },
  };
}

/** What changes would do to each photo, e.g. `would move to test`. */
export function effectsOf(
  changes: readonly Change[],
  classes: ReadonlyMap<number, { name: string }>,
): Map<number, string> {
  const effects = new Map<number, string>();
  for (const change of changes) {
    const words = effectWords(change, classes);
    if (words === null || !('images' in change)) continue;
    for (const id of unpackRanges(change.images)) {
      const before = effects.get(id);
      effects.set(id, before === undefined ? words : `${before}, ${words}`);
    }
  }
  return effects;
}

function effectWords(change: Change, classes: ReadonlyMap<number, { name: string }>): string | null {
  switch (change.type) {
    case 'excluded':
      return change.excluded ? 'would be excluded' : 'would be brought back';
    case 'split':
      return change.split === null
        ? 'would be in no split'
        : `would move to ${splitWords[change.split].toLowerCase()}`;
    case 'label':
      return change.classId === null
        ? 'would lose its label'
        : `would become ${classes.get(change.classId)?.name ?? 'another class'}`;
    default:
      return null;
  }
}
