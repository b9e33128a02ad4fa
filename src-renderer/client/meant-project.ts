/** Which project this page is about: every request says so, and is refused where another one was opened meanwhile. */
import { meantProjectHeader } from '../../src-main/contract/app/projects.ts';

let key: string | null = null;

/** Sets the project that requests are about from now on. @param project `Project.key`; null for none */
export function meanProject(project: string | null): void {
  key = project;
}

/** The headers of every request. */
export const requestHeaders = (): Record<string, string> =>
  key === null ? {} : { [meantProjectHeader]: key };
