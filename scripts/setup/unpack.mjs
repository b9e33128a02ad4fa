// @ts-check
/** Unpacks tar archives with the system's tar, after a look at what is in them. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { findProgram } from './find-program.mjs';
import { StepFailure } from './step-failure.mjs';

const execute = promisify(execFile);
/** A listing longer than this is that of another archive. */
const LISTING = 16 << 20;

/** @param {string} tar @param {readonly string[]} args @returns {Promise<string[]>} the lines it printed */
async function run(tar, args) {
  try {
    // One language: with it GNU tar and BSD tar write the links' targets the same way.
    const env = { ...process.env, LC_ALL: 'C', TAR_OPTIONS: '' };
    const { stdout } = await execute(tar, args, { env, maxBuffer: LISTING, windowsHide: true });
    return stdout.split(/\r?\n/).filter((line) => line !== '');
  } catch (error) {
    const { stderr, message, code } =
      /** @type {import('node:child_process').ExecFileException & { stderr: string }} */ (error);
    if (/No space left/i.test(stderr)) {
      throw StepFailure.diskFull();
    }
    const reason = (stderr || message).split('\n')[0] || `tar ended with ${code}`;
    throw new StepFailure(`the archive could not be unpacked: ${reason}`, 'Run npm run setup -- --retry');
  }
}

/** Tar writes control and foreign characters with backslashes; no archive of ours has any. @param {string} path */
function staysInside(path) {
  if (path === '' || /^[/~]|^[A-Za-z]:|\\/.test(path)) return false;
  return !path.split('/').includes('..');
}

/**
 * Whether a member may be unpacked. A link's target is held to the same rule as a name, so that a member that is
 * written through a link stays inside, too.
 * @param {string} name
 * @param {string} details its line in tar's long listing
 */
export function isHarmless(name, details) {
  if (!staysInside(name)) return false;
  if (details[0] === '-' || details[0] === 'd') return true;
  const sign = { l: ' -> ', h: ' link to ' }[details[0]];
  const start = sign === undefined ? -1 : details.indexOf(name + sign);
  return start >= 0 && staysInside(details.slice(start + name.length + (sign ?? '').length));
}

/**
 * Unpacks an archive into a fresh folder.
 * @param {{ archive: string, target: string }} work `target` must not exist yet
 * @throws {StepFailure} when a member or a link leads out of the folder, or is a device; nothing is unpacked then
 */
export async function unpackArchive({ archive, target }) {
  const tar = findProgram(['tar']);
  if (tar === null) throw new StepFailure('the program tar was not found', 'Install it, then start again.');
  // With -P it lists names and targets as they are; without, GNU tar lists some as it would unpack them.
  const [names, details] = await Promise.all([run(tar, ['-tPf', archive]), run(tar, ['-tvPf', archive])]);
  const harmful =
    names.length === details.length
      ? names.find((name, index) => !isHarmless(name, details[index]))
      : 'names that cannot be read';
  if (harmful !== undefined) {
    throw new StepFailure(
      `the archive holds a member that leads out of its folder (${harmful})`,
      'It is not used. Please report this.',
    );
  }
  mkdirSync(target);
  await run(tar, ['-x', '-o', '-f', archive, '-C', target]);
}
