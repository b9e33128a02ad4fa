import { createRequire } from 'node:module';
import type { Backend, Tf } from '../engine/base/backend.ts';
import { prepareEagerly } from '../engine/base/eager-programs.ts';
import { registerFilterGradient } from './filter-gradient.ts';
import { type BackendCandidate, CandidateRejection } from './candidate.ts';
import { selfTest } from './self-test.ts';

/**
 * Plain JavaScript: no native part, so it runs wherever Node does and can do everything, far slower than
 * TensorFlow. The last candidate.
 */
export const cpuCandidate: BackendCandidate = {
  id: 'cpu',
  label: 'Plain JavaScript',
  async load(): Promise<Backend> {
    const tf = createRequire(import.meta.filename)('@tensorflow/tfjs') as Tf;
    await tf.setBackend('cpu');
    registerFilterGradient(tf);
    // Keeps it from recommending tfjs-node on stderr; whether that can be had is the ladder's to say.
    Reflect.set(tf.backend(), 'firstUse', false);
    const { passed, detail } = selfTest(tf);
    if (!passed) {
      throw new CandidateRejection(
        `Plain JavaScript computes wrongly here (${detail}).`,
        'Please report this.',
      );
    }
    return {
      id: this.id,
      label: this.label,
      device: 'cpu',
      version: tf.version.tfjs,
      slow: true,
      precision: 'float32',
      tf,
      prepare: (programs) => prepareEagerly(tf, programs, 'this engine has no graphs'),
    };
  },
};
