/** The measurements of an open project. */
import { join } from 'node:path';
import { SignalStore } from '../../analysis/checks/measure/signal-store.ts';
import { projectPart } from '../base/project-session.ts';

/** The store of a project. */
export const signalStore = projectPart(
  ({ cacheFolder }) => new SignalStore(join(cacheFolder, 'signals.db')),
  (store) => store.close(),
);
