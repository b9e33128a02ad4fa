/** What is said of each photo: by itself, or one answer for a burst; and when that is “I don’t know”. */
import { UnionFind } from '../../core/statistics/union-find.ts';
import { likeliest } from '../../core/statistics/likeliest.ts';
import { joinByTime } from '../../datasets/split/photo-groups.ts';
import type { SortSession } from '../../project/sorting/session-database.ts';
import {
  type Said,
  type Unknown,
  classifiedPhotos,
  probabilitiesOf,
  unknownSchema,
  writeSaid,
} from '../../project/sorting/session-photos.ts';

type Classified = ReturnType<typeof classifiedPhotos>[number];

/** Probabilities of 0 would rule a class out for a whole burst. */
const minProbability = 1e-6;

/**
 * Judges all photos anew, by the threshold and the seconds of a burst that the sorting has now. Photos of one folder
 * and one camera, each within so many seconds of the one before, are a burst: it gets one answer, from the mean of the
 * logarithms of its photos' probabilities.
 */
export function judgePhotos(session: SortSession): void {
  const photos = classifiedPhotos(session);
  writeSaid(session, answers(session, photos));
}

function* answers(session: SortSession, photos: readonly Classified[]): Generator<Said> {
  for (const group of groups(photos, session.about.burst)) {
    const members = group.map((at) => photos[at]);
    const rows = members.flatMap(({ id }) => probabilitiesOf(session, id) ?? []);
    if (rows.length === 0) continue;
    const mean = meanOf(rows);
    const best = likeliest(mean);
    const label = session.about.classes[best] ?? `class ${best}`;
    const unknown = unknownOf(members, mean[best], session.about.threshold);
    const burst = members.length > 1 ? members[0].id : null;
    for (const { id } of members) yield { id, burst, label, probability: mean[best], unknown };
  }
}

function groups(photos: readonly Classified[], seconds: number | null): number[][] {
  if (seconds === null) return photos.map((_, at) => [at]);
  const sets = new UnionFind(photos.length);
  // Cameras of one make hang at several places, each with a folder.
  const ofPlace = photos.map(({ path, camera, takenAt }) => ({
    camera: `${path.slice(0, path.lastIndexOf('/') + 1)}\0${camera ?? ''}`,
    takenAt,
  }));
  joinByTime(ofPlace, sets, seconds);
  return sets.sets();
}

/** The mean of several answers: of their logarithms, made to sum to 1. One answer stays as it is. */
function meanOf(rows: readonly Float32Array[]): number[] {
  if (rows.length === 1) return Array.from(rows[0]);
  const sums = Array.from(rows[0], () => 0);
  for (const row of rows)
    row.forEach((value, index) => (sums[index] += Math.log(Math.max(value, minProbability))));
  const highest = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp((sum - highest) / rows.length));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

/**
 * A threshold takes the place of the limits that were fitted to probabilities; distances and boxes count with and
 * without one. Of a burst the most frequent doubt counts, when half of its photos or more are in doubt.
 */
function unknownOf(
  members: readonly Classified[],
  probability: number,
  threshold: number | null,
): Unknown | null {
  if (threshold !== null && probability < threshold) return 'probability';
  const doubts = members.flatMap(({ judged }) => {
    const doubt = unknownSchema.safeParse(judged);
    return doubt.success && !(threshold !== null && doubt.data === 'probability') ? [doubt.data] : [];
  });
  if (2 * doubts.length < members.length || doubts.length === 0) return null;
  return doubts.includes('several') ? 'several' : doubts[0];
}
