/** The table of folders: who may import whom. The linter's rules and a part of ARCHITECTURE.md are made of it. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';

/**
 * @typedef {[name: string, holds: string, more?: string[]]} Room a folder in a folder, `''` for the files beside them; `more`:
 *   what it alone may import
 * @typedef {object} Folder
 * @property {string} folder
 * @property {string} holds
 * @property {string[]} imports folders, or rooms as `folder/room`
 * @property {Room[]} rooms from the ground up: a room imports those before it, none behind it
 * @property {'neutral' | 'node'} [platform]
 * @property {string[]} [neutral] rooms of a Node folder that are neutral all the same
 * @property {string[]} [shells] rooms that run in Electron's process, where nothing native may be loaded
 * @property {'none' | 'types' | 'yes'} [tf]
 */

/** @type {Record<'src-main' | 'src-renderer', Folder[]>} */
export const trees = JSON.parse(readFileSync(join(import.meta.dirname, 'folders.json'), 'utf8'));

/** A regular expression for the files of a room. @param {string} folder @param {string} room */
function filesOf(folder, room) {
  return room === '' ? `^${folder}/[^/]+$` : `^${folder}/${room}/`;
}

/** Where a name of `imports` lies. The page names folders of its own tree, and the contract. @param {string} tree @param {string} name */
function target(tree, name) {
  const own = trees[/** @type {'src-main'} */ (tree)].some(({ folder }) => folder === name.split('/')[0]);
  return `^${own ? tree : 'src-main'}/${name}/`;
}

const builtIn = builtinModules.map((name) => name.replace(/^node:/, '')).join('|');
/** What exists under Node only, as dependency-cruiser names it: `fs` for `node:fs`. */
export const nodeOnly = `^(${builtIn}|sqlite|sharp|electron)$|node_modules/(sharp|electron|ws|yauzl|piscina)/`;

/** What has native parts, or starts threads that have; Electron is what a shell is for. */
export const nativeParts =
  '^(sqlite|worker_threads|sharp|piscina|onnxruntime-node)$|node_modules/(sharp|piscina|@img|@napi-rs|@tensorflow|onnxruntime-node|h5wasm|heic-decode|libheif-js)/|^@tensorflow/';

/** @typedef {import('dependency-cruiser').IForbiddenRuleType} Rule */

/** The rules of the linter: what no rule here allows is an error. @returns {Rule[]} */
export function rules() {
  /** @type {Rule[]} */
  const all = [];
  for (const tree of /** @type {const} */ (['src-main', 'src-renderer'])) {
    for (const { folder, imports, rooms, platform, neutral, shells, tf } of trees[tree]) {
      const here = `${tree}/${folder}`;
      rooms.forEach(([room, , more = []], floor) => {
        const allowed = [
          filesOf(here, room),
          ...rooms.slice(0, floor).map(([lower]) => filesOf(here, lower)),
          ...[...imports, ...more].map((name) => target(tree, name)),
        ];
        all.push({
          name: `${folder}${room && `/${room}`}-imports-only-what-lies-below`,
          severity: 'error',
          from: { path: rooms.length === 1 ? `^${here}/` : filesOf(here, room) },
          to: {
            path: '^src-(main|renderer)/',
            pathNot: rooms.length === 1 ? [`^${here}/`, ...allowed] : allowed,
          },
        });
      });
      const from =
        platform === 'neutral' ? [`^${here}/`] : (neutral ?? []).map((room) => `^${here}/${room}/`);
      if (from.length > 0) {
        all.push({
          name: `${folder}-is-platform-neutral`,
          severity: 'error',
          from: { path: from },
          to: { path: nodeOnly },
        });
      }
      for (const room of shells ?? []) {
        all.push({
          name: `${folder}/${room}-reaches-no-native-part`,
          severity: 'error',
          // The room, and the programs that are named after it.
          from: { path: `^${here}/${room}[/-]` },
          to: { path: nativeParts, reachable: true },
        });
      }
      if (tf === 'none' || tf === 'types') {
        const types = tf === 'types' ? { dependencyTypesNot: /** @type {const} */ (['type-only']) } : {};
        all.push({
          name: `${folder}-takes-${tf === 'types' ? 'tf-as-types-only' : 'no-tf'}`,
          severity: 'error',
          from: { path: `^${here}/` },
          to: { path: 'node_modules/@tensorflow/|^@tensorflow/', ...types },
        });
      }
    }
    const known = trees[tree].flatMap(({ folder, rooms }) =>
      rooms.length === 1
        ? [`^${tree}/${folder}/`]
        : rooms.map(([room]) => filesOf(`${tree}/${folder}`, room)),
    );
    all.push({
      name: `${tree}-has-no-other-rooms`,
      severity: 'error',
      from: { path: `^${tree}/[^/]+/`, pathNot: [...known, '^src-renderer/(public|styles)/'] },
      to: {},
    });
  }
  return all;
}

/** The table as ARCHITECTURE.md shows it. */
export function shown() {
  return Object.entries(trees)
    .map(([tree, folders]) => {
      const rows = folders.map(({ folder, holds, imports, rooms }) => {
        const names = rooms.map(([room, what, more]) => {
          const also = more === undefined ? '' : `, with ${more.join(', ')}`;
          return room === '' ? `(${what})` : `\`${room}\` ${what}${also}`;
        });
        return `| \`${folder}/\` | ${holds} | ${rooms.length === 1 ? '' : names.join(' · ')} | ${imports.join(', ') || 'nothing else of ours'} |`;
      });
      return [
        `### \`${tree}\``,
        '',
        '| folder | holds | rooms, from the ground up | may import |',
        '|---|---|---|---|',
        ...rows,
      ].join('\n');
    })
    .join('\n\n');
}
