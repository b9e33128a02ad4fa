/** A sorting as the page, the command line and a table show it. */
import { type CsvValue, csvRow } from '../../contract/shared/csv.ts';
import { AppError, describeError } from '../../contract/shared/errors.ts';
import type { FateKind, SortedPhoto, SortedView, Sorting } from '../../contract/app/sorting.ts';
import { fateOf } from './plan-moves.ts';
import type { SortSession } from '../../project/sorting/session-database.ts';
import { countMoves, movesIn, targetOfPhoto, targetsOfPhotos } from '../../project/sorting/session-moves.ts';
import {
  type SortedRow,
  allPhotos,
  countKinds,
  findPhoto,
  probabilitiesOf,
} from '../../project/sorting/session-photos.ts';

const shownProblems = 20;
const shownClasses = 5;

/** The whole of it in numbers. */
export function describeSorting(session: SortSession): Sorting {
  const { about } = session;
  const kinds = countKinds(session);
  const sum = (fits: (kind: (typeof kinds)[number]) => boolean): number =>
    kinds.filter(fits).reduce((all, { photos }) => all + photos, 0);
  const moves = countMoves(session);
  return {
    id: about.id,
    createdAt: about.createdAt,
    source: about.source,
    run: about.run,
    classes: about.classes,
    threshold: about.threshold,
    burst: about.burst,
    boxes: about.boxes?.path ?? null,
    boxesMissing: about.boxesMissing,
    links: about.links,
    stage: about.stage,
    by: about.by,
    out: about.out,
    photos: sum(() => true),
    predicted: sum(({ state }) => state !== 'found'),
    fates: countFates(kinds),
    toReview: sum((kind) => needsReview(kind)),
    reviewed: sum(({ verdict }) => verdict !== null),
    files: {
      planned: moves.planned + moves.doing,
      placed: moves.done + moves.undoing,
      failed: moves.failed,
      kept: moves.kept,
    },
    problems: movesIn(session, ['failed', 'kept'], { max: shownProblems }).flatMap(
      ({ source, code, params }) =>
        code === null ? [] : [{ path: source, error: new AppError(code, params ?? {}).toData() }],
    ),
    seconds: about.seconds,
  };
}

/** What becomes of photos, and how many share it. */
function countFates(kinds: ReturnType<typeof countKinds>): Sorting['fates'] {
  const counts = new Map<string, { kind: FateKind; name: string; photos: number }>();
  for (const kind of kinds) {
    const fate = namedFate(kind);
    const key = `${fate.kind}/${fate.name}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { ...fate, photos: kind.photos });
    else known.photos += kind.photos;
  }
  return [...counts.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

type Said = Pick<SortedRow, 'state' | 'aside' | 'label' | 'unknown' | 'verdict'>;

function namedFate(photo: Said): { kind: FateKind; name: string } {
  const fate = fateOf(photo);
  return { kind: fate.kind, name: 'name' in fate ? fate.name : '' };
}

/** True for a photo of which the network is in doubt, and a person has not said anything yet. */
function needsReview(photo: Said): boolean {
  return photo.verdict === null && fateOf(photo).kind === 'unknown';
}

/** The ids of the photos of a view; in a review the least sure come first, and bursts stay together. */
export function listPhotos(session: SortSession, view: SortedView): number[] {
  const rows = [...allPhotos(session)];
  if (view.show === 'all') return rows.map(({ id }) => id);
  if (view.show === 'reviewed') return rows.filter(({ verdict }) => verdict !== null).map(({ id }) => id);
  if (view.show === 'fate')
    return rows
      .filter((row) => {
        const fate = namedFate(row);
        return fate.kind === view.kind && fate.name === view.name;
      })
      .map(({ id }) => id);
  const doubtful = rows.filter((row) => needsReview(row) || (row.verdict !== null && row.unknown !== null));
  return doubtful
    .sort(
      (a, b) =>
        (a.probability ?? 0) - (b.probability ?? 0) || (a.burst ?? a.id) - (b.burst ?? b.id) || a.id - b.id,
    )
    .map(({ id }) => id);
}

/** Photos for the page, in the order asked; those that are not there are left out. */
export function showPhotos(session: SortSession, ids: readonly number[]): SortedPhoto[] {
  return ids.flatMap((id) => {
    const row = findPhoto(session, id);
    return row === null ? [] : [showPhoto(session, row, targetOfPhoto(session, id))];
  });
}

function showPhoto(session: SortSession, row: SortedRow, to: string | null): SortedPhoto {
  const { id, path, label, probability, unknown, distance, verdict, burst, camera, boxes } = row;
  return {
    id,
    path,
    fate: namedFate(row),
    label,
    probability,
    top: topOf(session, id).slice(0, shownClasses),
    unknown,
    distance,
    verdict,
    burst,
    takenAt: row.taken_at,
    camera,
    latitude: row.latitude,
    longitude: row.longitude,
    boxes,
    to,
    error: errorOf(row),
  };
}

function errorOf({ code, params }: SortedRow): SortedPhoto['error'] {
  return code === null ? null : new AppError(code, params ?? {}).toData();
}

/** The classes of a photo by itself, the most probable first. */
function topOf(session: SortSession, id: number): { label: string; probability: number }[] {
  const { classes } = session.about;
  const all = Array.from(probabilitiesOf(session, id) ?? [], (probability, index) => ({
    label: classes[index] ?? `class ${index}`,
    probability,
  }));
  return all.sort((a, b) => b.probability - a.probability);
}

/** A photo for scripts: as `lenslet predict` says it, with where it is put, when and where it was taken. */
export interface SortedLine {
  readonly image: string;
  readonly label: string | null;
  readonly probability: number | null;
  readonly probabilities: Record<string, number>;
  readonly unknown?: boolean;
  readonly why?: string | null;
  readonly verdict?: string;
  readonly aside?: string;
  readonly burst: number | null;
  readonly takenAt: string | null;
  readonly camera: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly boxes?: SortedPhoto['boxes'];
  readonly to: string | null;
  readonly placed: string | null;
  readonly error?: { code: string; message: string; remedy: string };
}

/** All photos for scripts. @param pathOf a path inside the source as it is to be called @param targetOf the same of a target */
export function* sortedLines(
  session: SortSession,
  pathOf: (path: string) => string,
  targetOf: (path: string) => string,
): Generator<SortedLine> {
  const targets = targetsOfPhotos(session);
  for (const row of allPhotos(session)) {
    const move = targets.get(row.id);
    const fate = fateOf(row);
    const { verdict, burst, camera, latitude, longitude, aside, boxes } = row;
    const { code, params } = row.code === null && move !== undefined ? move : row;
    yield {
      image: pathOf(row.path),
      label: fate.kind === 'class' ? fate.name : row.label,
      probability: row.probability,
      probabilities: Object.fromEntries(
        topOf(session, row.id).map(({ label, probability }) => [label, probability]),
      ),
      ...(row.state === 'predicted' && aside === null
        ? { unknown: fate.kind === 'unknown', why: fate.kind === 'unknown' ? row.unknown : null }
        : {}),
      ...(verdict === null ? {} : { verdict }),
      ...(aside === null ? {} : { aside }),
      burst,
      takenAt: row.taken_at,
      camera,
      latitude,
      longitude,
      ...(boxes === null ? {} : { boxes }),
      to: move === undefined || move.state === 'failed' ? null : targetOf(move.target),
      placed: move?.placed ?? null,
      ...(code === null ? {} : { error: { code, ...describeError(code, params ?? {}) } }),
    };
  }
}

const header = [
  'image',
  'label',
  'probability',
  'unknown',
  'verdict',
  'to',
  'taken',
  'camera',
  'latitude',
  'longitude',
  'burst',
  'set aside',
  'boxes',
  'error',
];

/** All photos as a table, a row at a time. */
export function* tableRows(
  session: SortSession,
  pathOf: (path: string) => string,
  targetOf: (path: string) => string,
): Generator<CsvValue[]> {
  yield [...header, ...session.about.classes];
  for (const line of sortedLines(session, pathOf, targetOf)) {
    const { image, label, probability, to, takenAt, camera, latitude, longitude, burst } = line;
    yield [
      image,
      label,
      probability,
      line.unknown === undefined ? null : String(line.unknown),
      line.verdict === '' ? 'unknown' : (line.verdict ?? null),
      to,
      takenAt,
      camera,
      latitude,
      longitude,
      burst,
      line.aside ?? null,
      line.boxes?.length ?? null,
      line.error?.code ?? null,
      ...session.about.classes.map((name) => line.probabilities[name] ?? null),
    ];
  }
}

/** The table as a text. */
export function tableText(session: SortSession, format: 'csv' | 'json'): string {
  const same = (path: string): string => path;
  if (format === 'json') return `${JSON.stringify([...sortedLines(session, same, same)], null, 1)}\n`;
  return [...tableRows(session, same, same)].map(csvRow).join('');
}
