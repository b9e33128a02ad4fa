/** Requests about the quality of the dataset. */
import { createHash } from 'node:crypto';
import type { Check, FixableFinding, Found } from '../../analysis/checks/check.ts';
import { checks, findCheck } from '../../analysis/checks/index.ts';
import type { CheckInfo, CheckRun, Finding, checksContract } from '../../contract/app/checks.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { Edit } from '../../contract/app/edits.ts';
import { createId } from '../../core/text/ids.ts';
import { listClasses } from '../../project/images/classes.ts';
import { explainFailure } from '../../project/database/database-error.ts';
import {
  type NewFinding,
  type StoredFinding,
  countFindings,
  imagesOfFinding,
  listFindings,
  readCheckResults,
  storeFindings,
} from '../../project/runs/findings.ts';
import { datasetFingerprint } from '../../project/edits/journal.ts';
import { previewEdit } from '../../project/edits/preview.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import { type FeatureSource, createCheckContext } from './check-context.ts';
import { checkedPhotosById } from '../../project/images/checked-photos.ts';
import type { ServiceContext } from '../base/context.ts';
import type { EditRecorder } from '../project/edit-recorder.ts';
import { ImportProgress } from '../import/import-progress.ts';
import { signalStore } from '../features/signal-stores.ts';

const eventMilliseconds = 200;
const unlimited = 10_000_000;

/** What the service needs besides the context. */
export interface CheckServiceOptions {
  /** Features of photos for the checks that want them. */
  readonly features?: FeatureSource | undefined;
}

interface Job {
  readonly controller: AbortController;
  readonly finished: Promise<CheckRun>;
}

interface SomeFindings {
  readonly findings: number[];
  readonly check?: string | undefined;
}

/** Makes the checks service: the handlers of `contract.checks` and what hosts call besides. */
export function createChecksService(
  context: ServiceContext,
  edits: EditRecorder,
  { features = () => Promise.resolve(null) }: CheckServiceOptions = {},
) {
  let job: Job | null = null;
  let state: CheckRun | null = null;

  /** Starts checks; all of them when none is named. @throws AppError DATASET_CHECK_RUNNING, NOT_FOUND */
  const start = (ids: readonly string[]): CheckRun => {
    if (job !== null) throw new AppError('DATASET_CHECK_RUNNING');
    const wanted = ids.length === 0 ? checks : ids.map(findCheck);
    const controller = new AbortController();
    const publish = (next: CheckRun): void => {
      state = next;
      context.events.emit({ type: 'checks', checks: next });
    };
    const run = new RunningChecks(context.project(), wanted, features, publish, (...words) =>
      context.log(...words),
    );
    const finished = run.run(controller.signal).finally(() => (job = null));
    job = { controller, finished };
    return run.state();
  };

  context.beforeProjectCloses(async (project) => {
    job?.controller.abort();
    await job?.finished;
    state = null;
    signalStore(project).close();
  });

  const planFix = (request: SomeFindings): { check: Check; edit: Edit | null } =>
    planFixOf(context.project(), request);

  const handlers: ServiceOf<typeof checksContract> = {
    list: () => listChecks(context.project()),
    run: ({ checks: ids }) => start(ids),
    cancel: () => job?.controller.abort(),
    state: () => state,
    findings: (filter) => {
      const { total, findings } = listFindings(context.project().database, filter);
      return { total, findings: findings.map(toFinding) };
    },
    imagesOf: ({ finding }) => imagesOfFinding(context.project().database, finding),
    previewFix: async (request) => {
      const { edit } = planFix(request);
      const preview = edit === null ? null : await previewEdit(context.project().database, edit);
      return { edit, preview };
    },
    applyFix: (request) => {
      const { check, edit } = planFix(request);
      if (edit === null) return { entry: null, how: 'edit', changes: [], journal: edits.state() };
      const applied = edits.apply(edit);
      // What was mended should be seen to be gone.
      if (job === null) start([check.id]);
      return applied;
    },
  };
  return {
    handlers,
    state: (): CheckRun | null => state,
    /**
     * Runs checks and waits for the end. Failures are in `error`, not thrown.
     * @throws AppError DATASET_CHECK_RUNNING, NOT_FOUND, PROJECT_NOT_OPEN
     */
    async runToEnd(ids: readonly string[], signal?: AbortSignal): Promise<CheckRun> {
      const first = start(ids);
      const running = job;
      const abort = (): void => running?.controller.abort();
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
      try {
        return (await running?.finished) ?? first;
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    },
    /** Resolves when no check is running. */
    idle: async (): Promise<void> => {
      await job?.finished;
    },
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

/** @throws AppError INPUT_INVALID, NOT_FOUND */
function planFixOf(
  project: Project,
  { findings: ids, check }: SomeFindings,
): { check: Check; edit: Edit | null } {
  const found = listFindings(project.database, {
    check,
    ids: ids.length === 0 ? undefined : ids,
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

/** One run of some checks. */
class RunningChecks {
  readonly #id = createId('checks');
  readonly #project: Project;
  readonly #checks: readonly Check[];
  readonly #features: FeatureSource;
  readonly #publish: (state: CheckRun) => void;
  readonly #log: ServiceContext['log'];
  readonly #progress = new ImportProgress();
  readonly #finished: string[] = [];
  #findings = 0;
  #toldAt = 0;

  constructor(
    project: Project,
    wanted: readonly Check[],
    features: FeatureSource,
    publish: (state: CheckRun) => void,
    log: ServiceContext['log'],
  ) {
    this.#project = project;
    this.#checks = wanted;
    this.#features = features;
    this.#publish = publish;
    this.#log = log;
  }

  state(status: CheckRun['status'] = 'running', error: AppError | null = null): CheckRun {
    return {
      id: this.#id,
      status,
      progress: this.#progress.read(),
      checks: this.#checks.map(({ id }) => id),
      finished: [...this.#finished],
      findings: this.#findings,
      error: error?.toData() ?? null,
    };
  }

  /** Runs the checks one after the other. What the finished ones found is kept, however it ends. */
  async run(signal: AbortSignal): Promise<CheckRun> {
    try {
      await this.#all(signal);
      return this.#end('done', null);
    } catch (thrown) {
      const error = explainFailure(thrown);
      if (error.kind === 'bug') this.#log('a check failed', thrown);
      return error.kind === 'cancelled' ? this.#end('cancelled', null) : this.#end('failed', error);
    }
  }

  async #all(signal: AbortSignal): Promise<void> {
    // The caller gets its answer before anything is done.
    await new Promise(setImmediate);
    const tell = (phase: string, done: number, total: number): void => this.#tell(phase, done, total);
    const fingerprint = datasetFingerprint(this.#project.database);
    const context = createCheckContext({ project: this.#project, features: this.#features, signal, tell });
    for (const check of this.#checks) {
      if (signal.aborted) throw new AppError('CANCELLED');
      context.phase(check.label);
      this.#tell(check.label, 0, context.photos.length);
      const found = await this.#find(check, context);
      if (found !== null) {
        this.#project.identity.require();
        storeFindings(this.#project.database, check.id, fingerprint, found.map(toNewFinding(check)));
        this.#findings += found.length;
      }
      this.#finished.push(check.id);
      await new Promise(setImmediate);
    }
  }

  /** Null when the check could not run for want of features. */
  async #find(check: Check, context: ReturnType<typeof createCheckContext>): Promise<Found[] | null> {
    if (check.needsFeatures !== true) return check.find(context);
    let missing = false;
    const found = await check.find({
      ...context,
      features: async (photos) => {
        const features = await context.features(photos);
        missing = features === null;
        return features;
      },
    });
    return missing ? null : found;
  }

  #tell(phase: string, done: number, total: number): void {
    this.#progress.report(phase, done, total);
    const now = performance.now();
    if (now - this.#toldAt < eventMilliseconds) return;
    this.#toldAt = now;
    this.#publish(this.state());
  }

  #end(status: CheckRun['status'], error: AppError | null): CheckRun {
    const state = this.state(status, error);
    this.#publish(state);
    return state;
  }
}

function toNewFinding(check: Check): (found: Found) => NewFinding {
  return ({ message, score, photos, paths = [], severity, suggestedClassId, about = '' }) => ({
    severity: severity ?? check.severity,
    message,
    score,
    // A class with one photo more is the same finding; a group with one photo more is another.
    key: keyOf(check.id, about === '' || suggestedClassId !== undefined ? photos : [], about),
    images: photos.map(({ id }) => id),
    paths,
    suggestedClassId: suggestedClassId ?? null,
  });
}

function keyOf(check: string, photos: readonly { readonly hash: string }[], about: string): string {
  const hash = createHash('sha256').update(about);
  for (const content of photos.map((photo) => photo.hash).sort()) hash.update(content);
  return `${check}/${hash.digest('hex').slice(0, 24)}`;
}
