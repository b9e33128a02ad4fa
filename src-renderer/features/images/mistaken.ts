import type { DatasetImage } from '../../../src-main/contract/app/index.ts';

/** True when the run that was tested last called a photo something else than its label says. */
export function isMistaken({ classId, prediction }: Pick<DatasetImage, 'classId' | 'prediction'>): boolean {
  return classId !== null && prediction !== null && prediction.classId !== classId;
}
