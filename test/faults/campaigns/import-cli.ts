import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openProject } from '../../../src-main/project/project.ts';
import { lenslet } from '../../fixtures/command-line.ts';
import { drawShapes } from '../../fixtures/photos/shapes.ts';
import { type Campaign, everywhere, milliseconds } from '../campaign.ts';
import { killLenslet } from '../kill-lenslet.ts';
import { leftInProject } from '../left-over.ts';

/** Photos of each class. */
const photos = 150;

/** What matters of an imported photo. */
interface ImportedPhoto {
  readonly hash: string;
  readonly className: string | null;
  /** Drawn when the import is over: null until then. */
  readonly split: string | null;
}

function isSame(photo: ImportedPhoto, found: ImportedPhoto | undefined): boolean {
  return photo.hash === found?.hash && photo.className === found.className && photo.split === found.split;
}

/** The imported photos, by path. */
function importedPhotos(folder: string): Map<string, ImportedPhoto> {
  const project = openProject(folder);
  try {
    const rows = project.database
      .prepare(
        `SELECT image.path, image.hash, class.name AS className, image.split
         FROM image LEFT JOIN class ON class.id = image.class_id`,
      )
      .all();
    return new Map(rows.map(({ path, ...rest }) => [String(path), rest as unknown as ImportedPhoto]));
  } finally {
    project.close();
  }
}

/** `kill -9` of an import, which is then run again: the project must be what an undisturbed import makes. */
export const importCli: Campaign = {
  id: 'import-cli',
  about: 'the command line is killed while it imports, and the import is run again',
  unavailable: everywhere,
  async start({ folder, random }) {
    const [source, home, whole] = ['photos', 'home', 'whole'].map((name) => join(folder, name));
    await drawShapes(source, photos);
    const started = performance.now();
    const words = (project: string): string[] => ['import', source, '--project', project, '--json'];
    const undisturbed = await lenslet(home, ...words(whole));
    if (undisturbed.code !== 0) throw new Error(undisturbed.stderr);
    const duration = performance.now() - started;
    const expected = importedPhotos(whole);
    return {
      async round(number) {
        const project = join(folder, `project-${number}`);
        const { survivors } = await killLenslet(
          home,
          words(project),
          milliseconds(random, duration * 0.2, duration),
        );
        const isThere = existsSync(join(project, 'project.db'));
        const before = isThere ? importedPhotos(project) : new Map<string, ImportedPhoto>();
        const again = await lenslet(home, ...words(project));
        const found = importedPhotos(project);
        const lost = [...before].filter(([path, photo]) => {
          const now = found.get(path);
          return !isSame(photo, photo.split === null && now ? { ...now, split: null } : now);
        }).length;
        const right = [...expected].every(([path, photo]) => isSame(photo, found.get(path)));
        const problems = again.code === 0 ? [] : [again.stderr];
        if (found.size !== expected.size) problems.push(`${found.size} photos instead of ${expected.size}`);
        const leftOver = [...leftInProject(project), ...survivors];
        rmSync(project, { recursive: true, force: true });
        return { acknowledged: before.size, lost, resumed: right ? 1 : 0, leftOver, problems };
      },
      end: () => Promise.resolve(),
    };
  },
};
