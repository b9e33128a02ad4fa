/** Parses the JSON that describes a network. It comes from strangers: what would fill memory or stack is refused. */
import { AppError } from '../../contract/shared/errors.ts';

/** No description of a network is larger, in characters: the largest networks in use take one or two million. */
export const maxDescription = 16 * 1024 * 1024;
/** A network in a network takes six levels. What is nested deeper would end in a stack overflow. */
const maxDepth = 200;

/**
 * Parses a description.
 * @param reason why it cannot be used when it is not JSON
 * @throws AppError MODEL_FILE_INVALID
 */
export function parseDescription(text: string, path: string, reason: string): unknown {
  const invalid = (why: string, cause?: unknown): AppError =>
    new AppError('MODEL_FILE_INVALID', { path, reason: why }, { cause });
  if (text.length > maxDescription) {
    const [megabytes, limit] = [text.length, maxDescription].map((size) => Math.ceil(size / 2 ** 20));
    throw invalid(`its description has ${megabytes} MB, where at most ${limit} are read`);
  }
  // Before it is parsed: that takes half a minute for ten million brackets.
  if (depthOf(text) > maxDepth) throw invalid(`its description is nested deeper than ${maxDepth} levels`);
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw invalid(reason, error);
  }
  if (namesPrototype(value)) throw invalid('its description has an entry called __proto__');
  return value;
}

/** How deep brackets are nested, those in strings not counted. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}

/** Parses JSON with the numbers that Python writes and JavaScript does not know. @throws SyntaxError */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    const plain = text.replace(/"[^"\\]*(?:\\[^][^"\\]*)*(?:"|$)|NaN|-?Infinity/g, (part) =>
      part.startsWith('"') ? part : 'null',
    );
    return JSON.parse(plain);
  }
}

/** True when an object anywhere inside has an entry `__proto__`, which becomes its prototype when it is copied. */
function namesPrototype(value: unknown): boolean {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const at = open.pop();
    if (typeof at !== 'object' || at === null) continue;
    if (Object.hasOwn(at, '__proto__')) return true;
    for (const inner of Object.values(at)) open.push(inner);
  }
  return false;
}
