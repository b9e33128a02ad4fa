/** The flags that say what computes, for one command. */
import { Option } from 'commander';
import { exactMathEnvironment, fastMathEnvironment, fastMathInstructions } from '../../backends/fast-math.ts';
import { frozenEngineEnvironment } from '../../backends/onnxruntime.ts';
import { AppError } from '../../contract/shared/errors.ts';

const engines = ['auto', 'tensorflow', 'onnxruntime'] as const;
const precisions = ['float32', 'int8', 'bfloat16'] as const;

/** What was given. */
export interface EngineFlags {
  readonly engine?: (typeof engines)[number];
  readonly precision?: (typeof precisions)[number];
}

/** `--engine` and `--precision`. */
export function engineFlags(): Option[] {
  return [
    new Option(
      '--engine <id>',
      'what computes the frozen part of a network; the faster one when left out',
    ).choices(engines),
    new Option(
      '--precision <kind>',
      'how exactly convolutions are computed; as in Settings when left out',
    ).choices(precisions),
  ];
}

/**
 * What the flags mean for the environment of the engine's process.
 * @throws AppError ENGINE_PRECISION_MISSING
 */
export function engineEnvironmentOf({ engine, precision }: EngineFlags): Record<string, string> {
  return {
    ...(engine === undefined ? {} : frozenEngineEnvironment(engine)),
    ...(precision === undefined ? {} : environmentOfPrecision(precision)),
  };
}

function environmentOfPrecision(precision: (typeof precisions)[number]): Readonly<Record<string, string>> {
  if (precision === 'float32') return exactMathEnvironment;
  const missing = (reason: string): AppError =>
    new AppError('ENGINE_PRECISION_MISSING', { precision, reason });
  // A head that learnt from features in int8 would have to predict from such features, in exports too.
  if (precision === 'int8') throw missing('networks are exported in it, but not trained');
  if ((fastMathInstructions() ?? []).length === 0)
    throw missing('this processor has no instructions for it (avx512_bf16 or amx_bf16)');
  return fastMathEnvironment;
}
