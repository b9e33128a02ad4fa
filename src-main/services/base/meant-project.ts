/** Requests about a project that is not open any more are refused: their ids mean other things in the next one. */
import { AppError } from '../../contract/shared/errors.ts';
import { meantProjectHeader } from '../../contract/app/projects.ts';
import type { Project } from '../../project/project.ts';
import { projectKey } from './project-key.ts';

/** What is known of a call besides its input. */
export interface CallContext {
  /** The key of the project that the caller has before them; undefined where it was not given. */
  readonly meantProject?: string | undefined;
}

/** The part of oRPC's interceptors that is used here, whatever the transport. */
interface Intercepted<Answer> {
  readonly request: { readonly headers: Readonly<Record<string, string | string[] | undefined>> };
  readonly context: object;
  next(options: never): Promise<Answer>;
}

/** Options for the handler of every transport: hands the project that a request names to the services. */
export const handlerOptions = {
  interceptors: [
    <Answer>(options: Intercepted<Answer>): Promise<Answer> => {
      const named = options.request.headers[meantProjectHeader];
      const meantProject = typeof named === 'string' ? named : undefined;
      return options.next({ ...options, context: { ...options.context, meantProject } } as never);
    },
  ],
};

/**
 * Makes the check that services about the open project begin with.
 * @returns a function that throws AppError PROJECT_CHANGED for a call that means another project
 */
export function requireMeantProject(opened: () => Project | null): (context: CallContext) => void {
  return ({ meantProject }) => {
    const project = opened();
    if (meantProject === undefined || project === null) return;
    if (meantProject !== projectKey(project)) throw new AppError('PROJECT_CHANGED');
  };
}
