/** Does edits: whoever made one gets an answer, and everybody the event. */
import type { AppliedEdit, Edit, JournalState } from '../../contract/app/edits.ts';
import { type JournalStep, applyEdit, journalState } from '../../project/edits/journal.ts';
import type { ServiceContext } from '../base/context.ts';
import { projectPart } from '../base/project-session.ts';

/** Does edits and emits them. */
export interface EditRecorder {
  /** Does an edit. @throws AppError as `applyEdit` */
  apply(edit: Edit): AppliedEdit;
  /** Emits an edit, an undo or a redo that was just done. */
  record(step: JournalStep): AppliedEdit;
  state(): JournalState;
}

/** When an edit was last saved, as an ISO date. */
const lastSave = projectPart(() => ({ at: null as string | null }));

/** Makes the recorder of the open project. */
export function createEditRecorder(context: ServiceContext): EditRecorder {
  const state = (): JournalState => {
    const project = context.project();
    return { ...journalState(project.database), savedAt: lastSave(project).at };
  };
  const record = (step: JournalStep): AppliedEdit => {
    if (step.entry !== null) lastSave(context.project()).at = new Date().toISOString();
    const applied = { ...step, journal: state() };
    if (step.entry !== null) context.events.emit({ type: 'dataset', edit: applied });
    return applied;
  };
  return { record, state, apply: (edit) => record(applyEdit(context.project().database, edit)) };
}
