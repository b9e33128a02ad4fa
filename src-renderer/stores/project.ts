/** The open project and the ones used before. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Backup, Project, RecentProject } from '../../src-main/contract/index.ts';
import { api, meanProject } from '../client/index.ts';

export const useProjectStore = defineStore('project', () => {
  const current = shallowRef<Project | null>(null);
  /** False until the app has told whether a project is open. */
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

  async function create(name: string): Promise<void> {
    take(await api.projects.create({ name }));
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

  /** The project that could not be opened last, for its backups. */
  const failed = shallowRef<{ id: string } | { pick: string } | null>(null);

  /** The backups of the project that could not be opened. */
  function backupsOfFailed(): Promise<Backup[]> {
    return failed.value === null ? Promise.resolve([]) : api.projects.backups(failed.value);
  }

  /** Restores a backup of the project that could not be opened, and opens it. */
  async function restoreFailed(backup: string): Promise<void> {
    take(await api.projects.restore({ ...failed.value, backup }));
  }

  async function openChosen(chosen: { id: string } | { pick: string }): Promise<void> {
    failed.value = chosen;
    take(await api.projects.open(chosen));
    failed.value = null;
  }

  async function createSample(): Promise<void> {
    take((await api.projects.createSample()).project);
  }

  async function close(): Promise<void> {
    await api.projects.close();
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
    take,
    loadRecent,
    create,
    open,
    openPicked,
    backupsOfFailed,
    restoreFailed,
    createSample,
    close,
    forget,
  };
});
