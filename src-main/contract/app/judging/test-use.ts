/** Uses of the test photos. */
import { z } from 'zod';

export const testUseSchema = z.object({
  /** ISO 8601. */
  usedAt: z.string(),
  /** Id of the run, and its name then; it may be removed. */
  run: z.string(),
  name: z.string(),
  /** `measured`: figures were computed. `threshold`: a threshold was chosen. */
  purpose: z.enum(['measured', 'threshold']),
});
export type TestUse = z.infer<typeof testUseSchema>;
