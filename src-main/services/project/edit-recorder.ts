/** Edits on their way out: the answer to who made them and the event to everybody are one thing. */
import type { AppliedEdit, Edit, JournalState } from '../../contract/app/edits.ts';
import { type JournalStep, applyEdit, journalState } from '../../project/edits/journal.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';

/** Does edits and tells about them. */
export interface EditRecorder {
  /** Does an edit. @throws AppError as `applyEdit` */
  apply(edit: Edit): AppliedEdit;
  /** Tells about an edit, an undo or a redo that was just done. */
  record(step: JournalStep): AppliedEdit;
  state(): JournalState;
}

/** Makes the recorder of the open project. */
export function createEditRecorder(context: ServiceContext): EditRecorder {
  const savedAt = new WeakMap<Project, string>();
  const state = (): JournalState => {
    const project = context.project();
    return { ...journalState(project.database), savedAt: savedAt.get(project) ?? null };
  };
  const record = (step: JournalStep): AppliedEdit => {
    if (step.entry !== null) savedAt.set(context.project(), new Date().toISOString());
    const applied = { ...step, journal: state() };
    if (step.entry !== null) context.events.emit({ type: 'dataset', edit: applied });
    return applied;
  };
  return { record, state, apply: (edit) => record(applyEdit(context.project().database, edit)) };
}
