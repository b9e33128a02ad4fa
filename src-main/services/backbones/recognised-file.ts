/** What is known about a model file, and the form in which that is sent between threads and remembered. */
import { z } from 'zod';
import { type Backbone, knownBackbone } from '../../registries/backbones/index.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { errorDataSchema } from '../../contract/shared/vocabulary.ts';

/** A model file that may serve as a backbone. */
export interface RecognisedFile {
  /** Null for a network that is not in the registry, and for files that cannot be used. */
  readonly backbone: Backbone | null;
  /** What the network calls itself; empty for files that cannot be used. */
  readonly name: string;
  /** Width multiplier, where it is known; else 1. */
  readonly alpha: number;
  /** Height of the images it was made for; null where it takes any or does not say. */
  readonly imageSize: number | null;
  /** Size of all its files. */
  readonly bytes: number;
  /** Why it cannot be used, e.g. a damaged file or a missing part. */
  readonly problem: AppError | null;
}

const problemSchema = errorDataSchema.pick({ code: true, params: true });

/** A recognised file as JSON. */
export const plainRecognisedSchema = z.object({
  backbone: z.string().nullable(),
  name: z.string(),
  alpha: z.number(),
  imageSize: z.number().nullable(),
  bytes: z.number(),
  problem: problemSchema.nullable(),
});
export type PlainRecognised = z.infer<typeof plainRecognisedSchema>;

/** The form that can be sent and stored. */
export function toPlain({ backbone, problem, ...rest }: RecognisedFile): PlainRecognised {
  return {
    ...rest,
    backbone: backbone?.id ?? null,
    problem: problem && { code: problem.code, params: problem.params },
  };
}

/** What was sent or stored. */
export function fromPlain({ backbone, problem, ...rest }: PlainRecognised): RecognisedFile {
  return {
    ...rest,
    backbone: backbone === null ? null : knownBackbone(backbone),
    problem: problem && new AppError(problem.code, problem.params),
  };
}

/** A file that is shown with the reason why it cannot be used. */
export function unusableFile(bytes: number, problem: AppError): RecognisedFile {
  return { backbone: null, name: '', alpha: 1, imageSize: null, bytes, problem };
}
