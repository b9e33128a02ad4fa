/** The self-test of `lenslet doctor`: whether the engine computes correctly, and how fast a training step is. */
import { selfTest } from '../../backends/self-test.ts';
import type { SelfTest } from '../../contract/engine/engine.ts';
import type { Engine } from '../../engine/engine.ts';
import { measureStep } from '../../engine/training/measure-step.ts';
import { findRecipe } from '../../registries/recipes/index.ts';

/** Computes known results, then times the lesson's convnet. */
export async function selfTestEngine({ backend, frozen }: Engine): Promise<SelfTest> {
  const { passed, detail } = selfTest(backend.tf);
  const frozenNetworks = await frozen.describe();
  const failed: SelfTest = {
    selfTest: 'failed',
    selfTestDetail: detail,
    stepMilliseconds: null,
    frozenNetworks,
  };
  if (!passed) return failed;
  try {
    // Plain JavaScript needs half a minute for such a step: there, one is measured.
    const stepMilliseconds = measureStep(backend, findRecipe('scratch'), { steps: backend.slow ? 1 : 10 });
    return { selfTest: 'passed', selfTestDetail: detail, stepMilliseconds, frozenNetworks };
  } catch (error) {
    return { ...failed, selfTestDetail: error instanceof Error ? error.message : String(error) };
  }
}
