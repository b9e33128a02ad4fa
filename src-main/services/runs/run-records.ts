/**
 * Runs of a project as they are now. What is in memory decides, and the database follows: a change that cannot be
 * written (the disk is full, the folder is gone) is kept, shown with the reason, and written as soon as that works.
 */
import { AppError } from '../../contract/shared/errors.ts';
import type { DamagedRun, Epoch } from '../../contract/app/runs.ts';
import { storageFailure } from '../../project/database/database-error.ts';
import type { Project } from '../../project/project.ts';
import {
  type RunChange,
  type RunRecord,
  deleteRun,
  findRun,
  insertEpoch,
  listRuns,
  replaceHistory,
  rewriteRun,
  updateRun,
} from '../../project/runs/runs.ts';
import { projectPart } from '../base/project-session.ts';

/** Milliseconds until a failed write is tried again; doubled each time it fails, up to the last. */
const firstRetry = 1_000;
const lastRetry = 30_000;

/** A run that is kept in memory. */
interface KeptRun {
  record: RunRecord;
  /** Why the database does not have it like this; null when it does. */
  unsaved: AppError | null;
  /** It is at work: its record stays here until it is released. */
  held: boolean;
}

/** The runs of an open project. */
export const runRecords = projectPart(
  (project) => new RunRecords(project),
  (records) => void records.close(),
);

export class RunRecords {
  readonly #project: Project;
  readonly #kept = new Map<string, KeptRun>();
  #retry: ReturnType<typeof setTimeout> | null = null;
  #pause = firstRetry;
  #listener: (run: string) => void = () => undefined;

  constructor(project: Project) {
    this.#project = project;
  }

  /** Sets the listener for a run that could not be written and now has been. */
  onSaved(listener: (run: string) => void): void {
    this.#listener = listener;
  }

  /** A run, or null; while it cannot be written, with the reason as its error. @throws AppError TRAINING_RUN_DAMAGED */
  find(id: string): RunRecord | null {
    const kept = this.#kept.get(id);
    return kept === undefined ? findRun(this.#project.database, id) : asShown(kept);
  }

  /** A run. @throws AppError NOT_FOUND, TRAINING_RUN_DAMAGED */
  require(id: string): RunRecord {
    const record = this.find(id);
    if (record === null) throw new AppError('NOT_FOUND', { what: 'run', id });
    return record;
  }

  /** All runs, newest first; damaged ones apart. */
  list(): { sound: RunRecord[]; damaged: DamagedRun[] } {
    const { sound, damaged } = listRuns(this.#project.database);
    const present = sound.map((record) => {
      const kept = this.#kept.get(record.id);
      return kept === undefined ? record : asShown(kept);
    });
    return { sound: present, damaged };
  }

  /** Keeps a run in memory while something works on it. @returns lets go of it */
  hold(id: string): () => void {
    this.#keep(id).held = true;
    return () => {
      const kept = this.#kept.get(id);
      if (kept === undefined) return;
      kept.held = false;
      if (kept.unsaved === null) this.#kept.delete(id);
    };
  }

  /** Changes a run. A disk that cannot be written is not an error: the change holds, and is written later. */
  change(id: string, change: RunChange): void {
    this.#apply(id, { ...this.#keep(id).record, ...change }, () =>
      updateRun(this.#project.database, id, change),
    );
  }

  /** Changes a run at the user's request. @throws AppError DISK_FULL, FILE_UNWRITABLE: then nothing changed */
  edit(id: string, change: RunChange): void {
    const before = this.#keep(id);
    try {
      this.#write(before, { ...before.record, ...change }, () =>
        updateRun(this.#project.database, id, change),
      );
      this.#saved(id, before, { ...before.record, ...change });
    } catch (error) {
      this.#tidy(id);
      throw storageFailure(error, this.#project.folder) ?? error;
    }
  }

  /** Adds an epoch, replacing it when it was trained before. As `change`. */
  addEpoch(id: string, epoch: Epoch, seconds: number): void {
    const { record } = this.#keep(id);
    const others = record.history.filter((one) => one.epoch !== epoch.epoch);
    const history = [...others, epoch].sort((a, b) => a.epoch - b.epoch);
    this.#apply(id, { ...record, history, seconds }, () => {
      insertEpoch(this.#project.database, id, epoch);
      updateRun(this.#project.database, id, { seconds });
    });
  }

  /** Puts a history in place of the one before. As `change`. */
  replaceHistory(id: string, history: readonly Epoch[]): void {
    this.#apply(id, { ...this.#keep(id).record, history: [...history] }, () =>
      replaceHistory(this.#project.database, id, history),
    );
  }

  /** Removes a run, damaged or not. @throws AppError DISK_FULL, FILE_UNWRITABLE */
  remove(id: string): void {
    try {
      deleteRun(this.#project.database, id);
    } catch (error) {
      throw storageFailure(error, this.#project.folder) ?? error;
    }
    this.#kept.delete(id);
  }

  /** Writes what could not be written before. @returns false when some of it still cannot be */
  flush(): boolean {
    let whole = true;
    for (const [id, kept] of [...this.#kept]) {
      if (kept.unsaved === null) continue;
      this.#apply(id, kept.record, () => undefined);
      whole &&= kept.unsaved === null;
    }
    return whole;
  }

  /** Writes what is left, and stops trying. For a project that closes. */
  close(): boolean {
    const whole = this.flush();
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    return whole;
  }

  #keep(id: string): KeptRun {
    const known = this.#kept.get(id);
    if (known !== undefined) return known;
    const kept = { record: this.require(id), unsaved: null, held: false };
    this.#kept.set(id, kept);
    return kept;
  }

  #tidy(id: string): void {
    const kept = this.#kept.get(id);
    if (kept !== undefined && !kept.held && kept.unsaved === null) this.#kept.delete(id);
  }

  /** What was left unwritten before is written with it. */
  #write(kept: KeptRun, next: RunRecord, write: () => void): void {
    this.#project.identity.require();
    if (kept.unsaved === null) write();
    else rewriteRun(this.#project.database, next);
  }

  #apply(id: string, next: RunRecord, write: () => void): void {
    const kept = this.#keep(id);
    try {
      this.#write(kept, next, write);
    } catch (error) {
      const failure = storageFailure(error, this.#project.folder);
      if (failure === null) {
        this.#tidy(id);
        throw error;
      }
      kept.record = next;
      kept.unsaved = failure;
      this.#retryLater();
      return;
    }
    this.#saved(id, kept, next);
  }

  #saved(id: string, kept: KeptRun, next: RunRecord): void {
    const late = kept.unsaved !== null;
    kept.record = next;
    kept.unsaved = null;
    this.#tidy(id);
    if (late) this.#listener(id);
  }

  #retryLater(): void {
    if (this.#retry !== null) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#pause = Math.min(lastRetry, 2 * this.#pause);
      try {
        if (this.flush()) this.#pause = firstRetry;
      } catch {
        // Not a failure of the disk: waiting does not mend it, and the next change of the run throws it.
      }
    }, this.#pause);
    this.#retry.unref();
  }
}

/** While a run cannot be written, that is what is wrong with it. */
function asShown({ record, unsaved }: KeptRun): RunRecord {
  return unsaved === null ? record : { ...record, error: record.error ?? unsaved.toData() };
}
