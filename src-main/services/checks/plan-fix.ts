/** The edit that mends findings. */
import type { Check, FixableFinding } from '../../analysis/checks/check.ts';
import { findCheck } from '../../analysis/checks/index.ts';
import type { Edit } from '../../contract/app/edits.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { checkedPhotosById } from '../../project/images/checked-photos.ts';
import { listClasses } from '../../project/images/classes.ts';
import type { Project } from '../../project/project.ts';
import { imagesOfFinding, listFindings } from '../../project/runs/findings.ts';

const unlimited = 10_000_000;

/** Findings by id; none: all of the check. */
export interface SomeFindings {
  readonly findings: readonly number[];
  readonly check?: string | undefined;
}

/**
 * Plans an edit that mends findings of one check; null where the check has none.
 * @throws AppError INPUT_INVALID, NOT_FOUND
 */
export function planFix(
  project: Project,
  { findings: ids, check }: SomeFindings,
): { check: Check; edit: Edit | null } {
  const found = listFindings(project.database, {
    check,
    ids: ids.length === 0 ? undefined : [...ids],
    dismissed: false,
    offset: 0,
    limit: unlimited,
  }).findings;
  const [first] = found;
  if (first === undefined) throw new AppError('NOT_FOUND', { what: 'finding', id: check ?? ids.join(', ') });
  if (found.some((finding) => finding.check !== first.check)) {
    throw new AppError('INPUT_INVALID', { detail: 'findings of one check can be mended at a time' });
  }
  const of = findCheck(first.check);
  const fixable = found.map((finding): FixableFinding => ({
    photos: checkedPhotosById(project.database, imagesOfFinding(project.database, finding.id)),
    suggestedClassId: finding.suggestedClassId,
  }));
  return { check: of, edit: of.fix?.edit(fixable, listClasses(project.database)) ?? null };
}
