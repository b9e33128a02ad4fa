/** How pixels become what a network wants. */
import { z } from 'zod';

/** How pixel values 0–255 become what a model wants. `imagenet`: BGR minus the channel means, as Keras' VGG16. */
export const preprocessingNames = ['none', '0-1', '-1-1', 'imagenet'] as const;
export const preprocessingSchema = z.enum(preprocessingNames);
export type Preprocessing = z.infer<typeof preprocessingSchema>;
