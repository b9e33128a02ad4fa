/** Photos that are dropped on Start become a project of their folder's name, or join the one of that name. */
import { shallowRef } from 'vue';
import type { RecentProject } from '../../../src-main/contract/app/index.ts';
import { maxCharacters } from '../../../src-main/contract/app/text-limits.ts';
import type { FileSource } from '../../client/index.ts';
import { useImportsStore } from '../import/index.ts';
import { useProjectStore } from '../../shared/project/project.ts';

/** Photos for which there is a project of the same name. */
interface Doubtful {
  readonly source: FileSource;
  readonly project: RecentProject;
}

/** @param attempt opens or makes a project, then goes to its images; reports why it could not */
export function useDroppedProject(attempt: (work: () => Promise<boolean | undefined>) => Promise<void>) {
  const project = useProjectStore();
  const imports = useImportsStore();
  /** What the user is asked about; null: nothing. */
  const doubtful = shallowRef<Doubtful | null>(null);

  async function make(source: FileSource): Promise<void> {
    doubtful.value = null;
    await attempt(async () => {
      await project.create(source.name.slice(0, maxCharacters.projectName));
      void imports.importFiles(source);
      return true;
    });
  }
  /** Takes dropped photos. A second drop of a folder is more likely meant for the project that the first one made. */
  function take(source: FileSource): void {
    const name = source.name.slice(0, maxCharacters.projectName);
    const same = project.recent.find((item) => item.available && item.name === name);
    if (same === undefined) void make(source);
    else doubtful.value = { source, project: same };
  }
  async function addToIt(): Promise<void> {
    const asked = doubtful.value;
    doubtful.value = null;
    if (asked === null) return;
    await attempt(async () => {
      await project.open(asked.project.id);
      void imports.importFiles(asked.source);
      return true;
    });
  }
  async function makeAnother(): Promise<void> {
    if (doubtful.value !== null) await make(doubtful.value.source);
  }
  function cancel(): void {
    doubtful.value = null;
  }
  return { doubtful, take, addToIt, makeAnother, cancel };
}
