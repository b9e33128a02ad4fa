/**
 * What is kept in memory of an open project, in one place: each part is made when it is first needed, and all end when
 * the project closes.
 */
import type { Project } from '../../project/project.ts';

/** What a part of a session is. */
interface PartKind<Part> {
  readonly make: (project: Project) => Part;
  readonly end: (part: Part) => void | Promise<void>;
}

/** Everything that is kept of one open project. */
class ProjectSession {
  readonly #project: Project;
  /** Each with what ends it, in the order in which they were made. */
  readonly #parts = new Map<object, { readonly part: unknown; readonly end: () => void | Promise<void> }>();

  constructor(project: Project) {
    this.#project = project;
  }

  part<Part>(kind: PartKind<Part>): Part {
    const known = this.#parts.get(kind);
    if (known !== undefined) return known.part as Part;
    const part = kind.make(this.#project);
    this.#parts.set(kind, { part, end: () => kind.end(part) });
    return part;
  }

  /** Ends the parts, the last one first; the others too where one fails. @throws the first failure */
  async end(): Promise<void> {
    const parts = [...this.#parts.values()].reverse();
    this.#parts.clear();
    const failures: unknown[] = [];
    for (const { end } of parts) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

const sessions = new WeakMap<Project, ProjectSession>();

/**
 * Defines a part of what is kept of an open project.
 * @param make makes it for a project, when it is first needed
 * @param end lets go of what it holds, when the project closes
 * @returns finds the part of a project
 */
export function projectPart<Part>(
  make: (project: Project) => Part,
  end: (part: Part) => void | Promise<void> = () => undefined,
): (project: Project) => Part {
  const kind: PartKind<Part> = { make, end };
  return (project) => {
    let session = sessions.get(project);
    if (session === undefined) sessions.set(project, (session = new ProjectSession(project)));
    return session.part(kind);
  };
}

/** Ends all that is kept of a project: after the work on it, before its database closes. */
export async function endProjectSession(project: Project): Promise<void> {
  const session = sessions.get(project);
  sessions.delete(project);
  await session?.end();
}
