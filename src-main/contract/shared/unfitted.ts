/** Why something was not fitted to validation photos, in words: on the page and on the command line. */
import type { Unfitted } from './calibration.ts';

const reasons: Readonly<Record<Unfitted, string>> = {
  'no-validation':
    'the run has no validation photos, and fitting to test photos would spoil the test. Put photos into validation and train again.',
  'few-validation':
    'there are fewer than 30 validation photos, too few to tell. Put more photos into validation and train again.',
  'all-right':
    'all validation photos are answered rightly, so there is nothing to learn from how sure it was of wrong ones.',
  'few-right':
    'too few validation photos are answered rightly to fit limits to. Put more photos into validation and train again.',
  'unknown-head': 'its last layer is not one that makes a probability for each class.',
};

/** A sentence without its beginning. */
export function whyUnfitted(why: Unfitted): string {
  return reasons[why];
}
