/** Requests about the quality of the dataset. */
import { checks, findCheck } from '../../analysis/checks/index.ts';
import type { CheckInfo, CheckRun, Finding, checksContract } from '../../contract/app/checks.ts';
import { BackgroundJob } from '../../core/jobs/background-job.ts';
import {
  type StoredFinding,
  countFindings,
  imagesOfFinding,
  listFindings,
  readCheckResults,
} from '../../project/runs/findings.ts';
import { datasetFingerprint } from '../../project/edits/journal.ts';
import { previewEdit } from '../../project/edits/preview.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { FeatureSource } from './check-context.ts';
import { ChecksInProgress } from './checks-in-progress.ts';
import { planFix } from './plan-fix.ts';
import type { ServiceContext } from '../base/context.ts';
import type { EditRecorder } from '../project/edit-recorder.ts';

/** What the service needs besides the context. */
export interface CheckServiceOptions {
  /** Features of photos for the checks that want them. */
  readonly features?: FeatureSource | undefined;
}

interface StartedChecks {
  readonly run: ChecksInProgress;
  readonly finished: Promise<CheckRun>;
}

/** Makes the checks service: the handlers of `contract.checks` and what hosts call besides. */
export function createChecksService(
  context: ServiceContext,
  edits: EditRecorder,
  { features = () => Promise.resolve(null) }: CheckServiceOptions = {},
) {
  const job = new BackgroundJob<CheckRun>('DATASET_CHECK_RUNNING', (state) =>
    context.events.emit({ type: 'checks', checks: state }),
  );

  /** Starts checks; all of them when none is named. @throws AppError DATASET_CHECK_RUNNING, NOT_FOUND */
  const start = (ids: readonly string[], signal?: AbortSignal): StartedChecks => {
    job.requireIdle();
    const wanted = ids.length === 0 ? checks : ids.map(findCheck);
    const run = new ChecksInProgress(context, wanted, features);
    const finished = job.start((ending, publish) => run.run(ending, publish), signal);
    return { run, finished };
  };

  context.beforeProjectCloses(() => job.end());

  const handlers: ServiceOf<typeof checksContract> = {
    list: () => listChecks(context.project()),
    run: ({ checks: ids }) => start(ids).run.state(),
    cancel: () => job.cancel(),
    state: () => job.state,
    findings: (filter) => {
      const { total, findings } = listFindings(context.project().database, filter);
      return { total, findings: findings.map(toFinding) };
    },
    imagesOf: ({ finding }) => imagesOfFinding(context.project().database, finding),
    previewFix: async (request) => {
      const { edit } = planFix(context.project(), request);
      const preview = edit === null ? null : await previewEdit(context.project().database, edit);
      return { edit, preview };
    },
    applyFix: (request) => {
      const { check, edit } = planFix(context.project(), request);
      if (edit === null) return { entry: null, how: 'edit', changes: [], journal: edits.state() };
      const applied = edits.apply(edit);
      // What was mended should be seen to be gone.
      if (!job.isRunning) start([check.id]);
      return applied;
    },
  };
  return {
    handlers,
    state: (): CheckRun | null => job.state,
    /**
     * Runs checks and waits for the end. Failures are in `error`, not thrown.
     * @throws AppError DATASET_CHECK_RUNNING, NOT_FOUND, PROJECT_NOT_OPEN
     */
    runToEnd: async (ids: readonly string[], signal?: AbortSignal): Promise<CheckRun> =>
      start(ids, signal).finished,
    /** Resolves when no check is running. */
    idle: (): Promise<void> => job.idle(),
  };
}

function toFinding(finding: StoredFinding): Finding {
  const fix = checks.find(({ id }) => id === finding.check)?.fix;
  return { ...finding, fixable: fix !== undefined && finding.images > 0 };
}

function listChecks(project: Project): CheckInfo[] {
  const results = readCheckResults(project.database);
  const counts = countFindings(project.database);
  const fingerprint = datasetFingerprint(project.database);
  return checks.map(({ id, label, severity, explanation, fix, needsFeatures }) => {
    const result = results.get(id);
    const { findings = 0, images = 0, dismissed = 0 } = counts.get(id) ?? {};
    const never = needsFeatures === true ? 'unavailable' : 'never';
    return {
      id,
      label,
      severity,
      explanation,
      fix: fix?.label ?? null,
      status: result === undefined ? never : result.fingerprint === fingerprint ? 'fresh' : 'stale',
      needs: needsFeatures === true && result === undefined ? 'a pretrained network' : null,
      findings,
      images,
      dismissed,
      ranAt: result?.ranAt ?? null,
    };
  });
}
