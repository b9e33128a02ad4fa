/** The whole contract between renderer and main: all that the renderer may import from src-main. */
import { appContract } from './app.ts';
import { datasetsContract } from './datasets.ts';
import { projectsContract } from './projects.ts';
import { trainingContract } from './training.ts';

export const contract = {
  app: appContract,
  projects: projectsContract,
  datasets: datasetsContract,
  training: trainingContract,
};
export type Contract = typeof contract;

export * from './app.ts';
export * from './datasets.ts';
export * from './errors.ts';
export * from './media.ts';
export * from './projects.ts';
export * from './training.ts';
export * from './vocabulary.ts';
