/** The open project and the ones used before. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Project, RecentProject } from '../../src-main/contract/index.ts';
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
    take(await api.projects.open({ id }));
  }

  /** Opens a project folder through the system's dialog (desktop only). @returns false when dismissed */
  async function openPicked(): Promise<boolean> {
    const picked = await api.datasets.pickFolder({ title: 'Open a Lenslet project' });
    if (picked === null) return false;
    take(await api.projects.open({ pick: picked.pick }));
    return true;
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

  return { current, known, recent, take, loadRecent, create, open, openPicked, createSample, close, forget };
});
