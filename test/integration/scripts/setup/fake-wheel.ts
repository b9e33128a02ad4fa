/** A wheel that pip takes for one, with a few bytes where TensorFlow has its library. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython } from '../../../../scripts/setup/tensorflow/python.mjs';
import type { WheelSet } from '../../../../scripts/setup/tensorflow/wheels.mjs';

const script = `
import sys, zipfile
path = sys.argv[1]
info = 'lenslet_fake-1.0.dist-info'
files = {
    'tensorflow/libtensorflow_cc.so.2': 'not a library',
    'tensorflow/libtensorflow_framework.so.2': 'not a library',
    'tensorflow/include/tensorflow/c/c_api.h': '#error made to fail',
    'tensorflow/python/ignored.py': 'print()',
    '../outside.txt': 'must not be written',
    'tensorflow/include/tensorflow/c/../../../../../outside.h': 'must not be written',
    info + '/METADATA': 'Metadata-Version: 2.1\\nName: lenslet-fake\\nVersion: 1.0\\n',
    info + '/WHEEL': 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n',
    info + '/RECORD': '',
}
with zipfile.ZipFile(path, 'w') as archive:
    for name, text in files.items():
        archive.writestr(name, text)
`;

/** Whether this machine has what the tests of the download need. */
export function hasPip(): boolean {
  const python = findPython();
  if (python === null) return false;
  try {
    execFileSync(python, ['-m', 'pip', '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Writes the wheel into a folder.
 * @returns the pin that fits it, and the environment in which pip finds it there and looks nowhere else
 */
export function makeFakeWheel(folder: string): { set: WheelSet; env: NodeJS.ProcessEnv } {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'lenslet_fake-1.0-py3-none-any.whl');
  execFileSync(findPython()!, ['-c', script, path]);
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  const set: WheelSet = {
    platforms: ['any'],
    wheels: [{ name: 'lenslet-fake', version: '1.0', sha256 }],
    downloadMegabytes: 1,
    installedMegabytes: 1,
  };
  return { set, env: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder } };
}
