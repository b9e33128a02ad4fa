/** Who may ask the prediction API: bearer tokens, given or in a file from which they can be taken out. */
import { readFileSync, statSync } from 'node:fs';
import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../contract/shared/errors.ts';

/** Says of an `Authorization` header whether it is let in. */
export type Admits = (authorization: string | undefined) => boolean;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares secrets in a time that does not depend on where they differ. */
function holds(tokens: readonly string[], given: string): boolean {
  const wanted = digest(given);
  return tokens.reduce((found, token) => timingSafeEqual(digest(token), wanted) || found, false);
}

const bearer = /^Bearer +(\S+)$/i;

/**
 * Lets in who carries one of the tokens.
 * @param file one token a line, `#` before remarks; looked at again whenever it changes, so that a token is withdrawn by
 *   taking its line out. A file that is gone lets nobody in.
 * @throws AppError FILE_UNREADABLE-like when the file cannot be read at first
 */
export function admitting(token: string | undefined, file: string | undefined): Admits {
  let stamp = '';
  let listed: readonly string[] = [];
  const read = (): void => {
    const { mtimeMs, size } = statSync(file!);
    if (stamp === `${mtimeMs} ${size}`) return;
    const lines = readFileSync(file!, 'utf8').split('\n');
    listed = lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
    stamp = `${mtimeMs} ${size}`;
  };
  if (file !== undefined) {
    try {
      read();
    } catch (error) {
      const detail = `the file of tokens ${file} cannot be read`;
      throw new AppError('USAGE_INVALID', { detail, command: 'serve' }, { cause: error });
    }
  }
  return (authorization) => {
    const given = bearer.exec(authorization ?? '')?.[1];
    if (given === undefined) return false;
    if (token !== undefined && holds([token], given)) return true;
    if (file === undefined) return false;
    try {
      read();
    } catch {
      return false;
    }
    return holds(listed, given);
  };
}
