/** The measurements of each open project. */
import { join } from 'node:path';
import { SignalStore } from '../../analysis/checks/measure/signal-store.ts';
import type { Project } from '../../project/project.ts';

const stores = new WeakMap<Project, SignalStore>();

/** The store of a project. */
export function signalStore(project: Project): SignalStore {
  let store = stores.get(project);
  if (store === undefined)
    stores.set(project, (store = new SignalStore(join(project.cacheFolder, 'signals.db'))));
  return store;
}
