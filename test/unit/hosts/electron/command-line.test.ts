import { expect, test } from 'vitest';
import { commandNames } from '../../../../src-main/hosts/cli/command-names.ts';
import { createOutput } from '../../../../src-main/hosts/cli/output.ts';
import { createProgram } from '../../../../src-main/hosts/cli/program.ts';
import { isCommandLine } from '../../../../src-main/hosts/electron/command-line.ts';

test('every command of the command line is one of the installed program', () => {
  const { commands } = createProgram(createOutput(false), []);
  const names = commands.map((command) => command.name()).filter((name) => name !== 'app');
  expect([...commandNames].sort()).toEqual(names.sort());
  for (const name of names) expect(isCommandLine([name]), name).toBe(true);
});

test('the words after the installed program’s name mean a command or a folder', () => {
  expect(isCommandLine(['train', '--project', 'x'])).toBe(true);
  expect(isCommandLine(['--version'])).toBe(true);
  expect(isCommandLine(['--port', '80', '--no-open'])).toBe(true);
  expect(isCommandLine([])).toBe(false);
  expect(isCommandLine(['/home/me/Lenslet/cats'])).toBe(false);
  expect(isCommandLine(['/home/me/train'])).toBe(false);
});
