/** The open project and the ones used before. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Backup, Project, RecentProject } from '../../../src-main/contract/app/index.ts';
import { AppError } from '../../../src-main/contract/shared/errors.ts';
import { api, meanProject, toAppError } from '../../client/index.ts';

/** Asked before work in the open project is ended. */
export interface BusyQuestion {
  /** The work in progress, e.g. `Training “Fine-tuning 3”`. */
  readonly work: string;
  /** The name of the open project. */
  readonly project: string;
  /** @param stop true: end it and open the other project */
  readonly answer: (stop: boolean) => void;
}

export const useProjectStore = defineStore('project', () => {
  const current = shallowRef<Project | null>(null);
  /** False until the app has reported whether a project is open. */
  const known = ref(false);
  const recent = shallowRef<RecentProject[]>([]);

  function take(project: Project | null): void {
    meanProject(project?.key ?? null);
    current.value = project;
    known.value = true;
  }

  async function loadRecent(): Promise<void> {
    recent.value = await api.projects.recent();
  }

  /** What would end if the other project were opened now, and the answer; null: nothing is asked. */
  const question = shallowRef<BusyQuestion | null>(null);

  function ask(error: AppError): Promise<boolean> {
    const { work = '', project = '' } = error.params;
    // A question that nobody answered is answered with no.
    question.value?.answer(false);
    return new Promise((resolve) => {
      question.value = {
        work: String(work),
        project: String(project),
        answer: (stop) => {
          question.value = null;
          resolve(stop);
        },
      };
    });
  }
  /**
   * Leaves the open project, after asking where that would end work in it.
   * @throws AppError CANCELLED when the user keeps working there
   */
  async function leaving<Answer>(leave: (interrupt: boolean) => Promise<Answer>): Promise<Answer> {
    try {
      return await leave(false);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'PROJECT_BUSY') throw error;
      if (!(await ask(error))) throw new AppError('CANCELLED', {}, { cause: error });
      return leave(true);
    }
  }

  /** @param pick the folder it is made in; left out: the user's Lenslet folder */
  async function create(name: string, pick?: string): Promise<void> {
    take(await leaving((interrupt) => api.projects.create({ name, pick, interrupt })));
  }
  /** A folder for a project, through the system's dialog (desktop only); null when dismissed. */
  const pickPlace = (title: string): Promise<{ pick: string; name: string } | null> =>
    api.datasets.pickFolder({ title });
  /** Gives the open project another name. */
  async function rename(name: string): Promise<void> {
    take(await api.projects.rename({ name }));
    await loadRecent();
  }

  async function open(id: string): Promise<void> {
    await openChosen({ id });
  }

  /** Opens a project folder through the system's dialog (desktop only). @returns false when dismissed */
  async function openPicked(): Promise<boolean> {
    const picked = await api.datasets.pickFolder({ title: 'Open a Lenslet project' });
    if (picked === null) return false;
    await openChosen({ pick: picked.pick });
    return true;
  }

  /** A project folder that the user named outside the page, until Start opens it. */
  const named = ref<string | null>(null);

  /** Opens the project that was named outside the page. */
  async function openNamed(): Promise<void> {
    const pick = named.value;
    named.value = null;
    if (pick !== null) await openChosen({ pick });
  }

  /** The project that could not be opened last, for its backups. */
  const failed = shallowRef<{ id: string } | { pick: string } | null>(null);

  /** The backups of the project that could not be opened. */
  function backupsOfFailed(): Promise<Backup[]> {
    return failed.value === null ? Promise.resolve([]) : api.projects.backups(failed.value);
  }

  /** Restores a backup of the project that could not be opened, and opens it. */
  async function restoreFailed(backup: string): Promise<void> {
    const choice = failed.value;
    take(await leaving((interrupt) => api.projects.restore({ ...choice, backup, interrupt })));
  }

  async function openChosen(chosen: { id: string } | { pick: string }): Promise<void> {
    failed.value = chosen;
    try {
      take(await leaving((interrupt) => api.projects.open({ ...chosen, interrupt })));
      failed.value = null;
    } catch (thrown) {
      // The user stays where they were: nothing is wrong with the other project.
      if (toAppError(thrown).code === 'CANCELLED') failed.value = null;
      throw thrown;
    }
  }

  async function createSample(): Promise<void> {
    const made = await leaving((interrupt) => api.projects.createSample({ interrupt }));
    take(made.project);
  }

  async function close(): Promise<void> {
    await leaving((interrupt) => api.projects.close({ interrupt }));
    take(null);
    await loadRecent();
  }

  async function forget(id: string): Promise<void> {
    await api.projects.forget({ id });
    await loadRecent();
  }

  return {
    current,
    known,
    recent,
    question,
    take,
    loadRecent,
    create,
    pickPlace,
    rename,
    open,
    openPicked,
    named,
    openNamed,
    backupsOfFailed,
    restoreFailed,
    createSample,
    close,
    forget,
  };
});
