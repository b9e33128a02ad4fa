/** Flags that several commands share, and the checks of their values. */
import { InvalidArgumentError, Option } from 'commander';

/** Parses a whole number between `least` and `most`. @throws InvalidArgumentError (a usage error) for anything else */
export function whole(least: number, most = 2 ** 31 - 1): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** Parses a number above 0 and up to `most`. @throws InvalidArgumentError (a usage error) for anything else */
export function positive(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value > 0 && value <= most) return value;
    throw new InvalidArgumentError(`Give a number above 0 and up to ${most}.`);
  };
}

/** Parses a number from `least` to `most`. @throws InvalidArgumentError (a usage error) for anything else */
export function between(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
  };
}

/** Parses ids separated by commas. @throws InvalidArgumentError (a usage error) for one that is not known */
export function listed(known: readonly string[]): (text: string) => string[] {
  return (text) => {
    const ids = text.split(',').map((id) => id.trim());
    const unknown = ids.find((id) => !known.includes(id));
    if (unknown === undefined) return ids;
    throw new InvalidArgumentError(`There is no “${unknown}”. Choose from: ${known.join(', ')}.`);
  };
}

/** `--json`, on every command. */
export function jsonFlag(): Option {
  return new Option('--json', 'one JSON object per line on stdout, everything else on stderr');
}

/** `--project DIR`. @param about what the project is for */
export function projectFlag(about: string): Option {
  return new Option('--project <dir>', about);
}

/** `--port`, `--host`, `--no-open`: how the app is served. */
export function serverFlags(): Option[] {
  return [
    new Option('--port <n>', 'port to listen on; 0 for any free one').argParser(whole(0, 65_535)),
    new Option(
      '--host <address>',
      'address to listen on; others than this machine’s own open it to the network',
    ).default('127.0.0.1'),
    projectFlag('a project to open at once'),
    new Option('--no-open', 'open no window and no browser'),
  ];
}

/** `serve --model`: the prediction API. */
export function modelServerFlags(): Option[] {
  return [
    new Option('--model <run>', 'serve predictions of this run, model file or Keras export over HTTP'),
    new Option('--token <token>', 'with --model: what clients have to send; drawn when it is missing'),
    new Option(
      '--tokens <file>',
      'with --model: a file of tokens, one a line; take a line out to withdraw it',
    ),
    new Option('--allow-url', 'with --model: let clients name photos by public web addresses'),
    new Option('--cors <origin>', 'with --model: a site whose pages may ask, e.g. https://example.org'),
  ];
}

/** The server flags as commander gives them. */
export interface ServerFlags {
  readonly port?: number;
  readonly host: string;
  readonly project?: string;
  readonly open: boolean;
}
