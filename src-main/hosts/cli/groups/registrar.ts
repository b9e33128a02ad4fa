/** How commands are added to the program. */
import type { Option } from 'commander';
import type { Output } from '../output.ts';

/** What a command does. Words are its arguments in order, flags what commander made of the options. */
export type CommandBody<Words extends unknown[], Flags> = (
  output: Output,
  flags: Flags,
  ...words: Words
) => Promise<void>;

/** Adds a command: its words, what it is for, its options, and where it is. */
export interface Registrar {
  (
    signature: string,
    description: string,
    options: readonly Option[],
  ): {
    does<Words extends unknown[], Flags>(load: () => Promise<CommandBody<Words, Flags>>): void;
  };
}
