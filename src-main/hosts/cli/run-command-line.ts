/** Runs one command line from its words to its exit code. */
import { CommanderError } from 'commander';
import { AppError } from '../../contract/shared/errors.ts';
import { recipeIds } from './ids/recipe-ids.ts';
import { createOutput, type Output } from './output.ts';
import { createProgram } from './program.ts';

/** Exit codes: 0 done, 1 expected failure, 2 usage, 70 bug, 130 cancelled. */
export function exitCodeOf(error: AppError): number {
  if (error.code === 'USAGE_INVALID') return 2;
  if (error.kind === 'cancelled') return 130;
  return error.kind === 'bug' ? 70 : 1;
}

/** Errors of commander about wrong usage, as AppErrors. */
function fromCommander(error: CommanderError, command: string): AppError {
  const detail = error.message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  return new AppError('USAGE_INVALID', { detail: detail[0].toUpperCase() + detail.slice(1), command });
}

function fail(output: Output, error: AppError): number {
  output.fail(error);
  if (error.kind === 'bug' && error.cause instanceof Error) output.say(error.cause.stack ?? '');
  return exitCodeOf(error);
}

/**
 * Parses the words and runs the command they name.
 * @param words without node and the script's name
 * @returns the exit code
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const output = createOutput(words.includes('--json'));
  const program = createProgram(output, recipeIds);
  const [first] = words;
  const known = program.commands.find((command) => command.name() === first);
  try {
    // Before the words are parsed: the default command would take it, and answer `--help`.
    if (known === undefined && first !== undefined && first !== 'help' && !first.startsWith('-'))
      throw new AppError('USAGE_INVALID', { detail: `Unknown command “${first}”`, command: '' });
    await program.parseAsync(words, { from: 'user' });
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return fail(output, AppError.from(thrown));
    if (thrown.exitCode === 0) return 0;
    return fail(output, fromCommander(thrown, known ? `${known.name()} ` : ''));
  }
}
