/** Asks one web server for one picture, following it where it sends us, and never into a private network. */
import { lookup } from 'node:dns';
import { type IncomingMessage, get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { type LookupFunction, isIP } from 'node:net';
import { AppError } from '../../../contract/shared/errors.ts';
import type { BudgetLimits } from './fetch-budget.ts';
import { isPublicAddress } from './private-addresses.ts';

/** How far one goes for a picture. */
export interface FetchRules {
  /** Private addresses that may be fetched from all the same; none unless the person who runs the program named them. */
  readonly allowed: readonly string[];
  readonly maxBytes: number;
  /** Milliseconds that a server may be silent. */
  readonly patience: number;
  readonly budget: BudgetLimits;
}

const maxRedirects = 5;

/** The address to ask for. @throws AppError ADDRESS_INVALID */
export function parseAddress(address: string): URL {
  const refuse = (reason: string): AppError => new AppError('ADDRESS_INVALID', { address, reason });
  const url = URL.parse(address);
  if (url === null || url.hostname === '') throw refuse('it cannot be read');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refuse(`${url.protocol.slice(0, -1)} is not of the web`);
  if (url.username !== '' || url.password !== '') throw refuse('it carries a password');
  return url;
}

/**
 * Asks for a picture.
 * @returns the answer, its status 200 and nothing of it read yet; the caller reads it to the end or destroys it
 * @throws AppError ADDRESS_INVALID, ADDRESS_PRIVATE, ADDRESS_UNREACHABLE, ADDRESS_REFUSED, ADDRESS_REDIRECTED,
 *   ADDRESS_TOO_SLOW, CANCELLED
 */
export async function askServer(
  address: string,
  rules: FetchRules,
  signal: AbortSignal,
): Promise<{ answer: IncomingMessage; url: URL }> {
  let url = parseAddress(address);
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const answer = await askOnce(url, rules, signal);
    const { statusCode: status = 0, headers } = answer;
    if (status === 200) return { answer, url };
    answer.destroy();
    const next = headers.location === undefined ? null : URL.parse(headers.location, url);
    if (status < 300 || status >= 400 || next === null)
      throw new AppError('ADDRESS_REFUSED', { host: url.host, status });
    // Each place it leads to is looked at as if the user had given it.
    url = parseAddress(next.href);
  }
  throw new AppError('ADDRESS_REDIRECTED', { redirects: maxRedirects });
}

function askOnce(url: URL, rules: FetchRules, signal: AbortSignal): Promise<IncomingMessage> {
  const { host, hostname } = url;
  const mayReach = (ip: string): boolean => isPublicAddress(ip) || rules.allowed.includes(ip);
  const ip = hostname.replace(/^\[|\]$/g, '');
  // Names are looked up by the connection itself, so that what was checked is what is connected to.
  if (isIP(ip) !== 0 && !mayReach(ip)) throw new AppError('ADDRESS_PRIVATE', { host });
  return new Promise((found, failed) => {
    const request = (url.protocol === 'https:' ? getHttps : getHttp)(
      url,
      {
        agent: false,
        signal,
        lookup: guardedLookup(mayReach, host),
        headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'Lenslet' },
      },
      found,
    );
    request.setTimeout(rules.patience, () => request.destroy(tooSlow(host, rules)));
    request.on('error', (error) => failed(explain(error, host, signal)));
  });
}

/** Looks a name up and refuses it when any machine behind it is private: a name may have two faces. */
function guardedLookup(mayReach: (ip: string) => boolean, host: string): LookupFunction {
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '');
      if (!found.every(({ address }) => mayReach(address)))
        return callback(new AppError('ADDRESS_PRIVATE', { host }), '');
      if (options.all) return callback(null, found);
      callback(null, found[0].address, found[0].family);
    });
  };
}

/** The server is silent. */
export function tooSlow(host: string, { patience }: FetchRules): AppError {
  return new AppError('ADDRESS_TOO_SLOW', { host, seconds: Math.round(patience / 1000) });
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no server of this name',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNREFUSED: 'nobody answers there',
  ECONNRESET: 'the connection broke off',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'it does not answer',
};

/** What a broken connection means. */
export function explain(error: unknown, host: string, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  if (signal.aborted && signal.reason instanceof AppError) return signal.reason;
  if (signal.aborted) return new AppError('CANCELLED', {}, { cause: error });
  const { code = '', message } = error as NodeJS.ErrnoException;
  const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|TLS|SSL/.test(code);
  const reason = reasons[code] ?? (certificate ? 'its certificate is not valid' : code || message);
  return new AppError('ADDRESS_UNREACHABLE', { host, reason }, { cause: error });
}
