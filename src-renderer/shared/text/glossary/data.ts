/** Data: images, labels, splits, and what is done to images before a network sees them. */
import type { GlossaryEntry } from './entry.ts';

export const dataTerms = {
  class: {
    word: 'class',
    meaning: 'One of the categories that the network learns to distinguish, such as cats or dogs.',
  },
  label: { word: 'label', meaning: 'The class that an image is given.', torch: 'target' },
  split: {
    word: 'split',
    meaning:
      'Images are divided into three parts: training to learn from, validation to monitor training, test to measure the result once, at the end.',
    torch: 'random_split',
  },
  training: { word: 'training images', meaning: 'The images the network learns from.' },
  validation: {
    word: 'validation images',
    meaning:
      'Not used for learning. Their accuracy after each epoch shows how well the network does on new photos.',
  },
  test: {
    word: 'test images',
    meaning: 'Used once, at the end. Each further use makes their accuracy a little too optimistic.',
  },
  unassigned: {
    word: 'in no split',
    meaning: 'Labelled images that are in none of the three parts yet. They are not used.',
  },
  leakage: {
    word: 'leak',
    meaning:
      'The same scene in training and in test. The network has memorised it, so the accuracy says nothing about new photos.',
  },
  nearDuplicates: {
    word: 'near-duplicates',
    meaning:
      'Photos of one scene: saved again, resized, cropped, turned, mirrored, brightened, or taken in one burst.',
  },
  quarantine: {
    word: 'quarantine',
    meaning: 'Files that could not be used, each with its reason. The files themselves are not changed.',
  },
  augmentation: {
    word: 'augmentation',
    meaning:
      'Random changes to each training photo, different every time, so that the network learns the object and not the particular photo.',
    torch: 'torchvision.transforms',
  },
  fillMode: {
    word: 'fill mode',
    meaning:
      'How the empty area that a shifted or rotated photo leaves is filled. abcd is a row of its pixels.',
    torch: 'padding_mode',
  },
  preprocessing: {
    word: 'preprocessing',
    meaning:
      'Pixels are 0 to 255; networks learn better from small numbers. The same is done in training and in use.',
    torch: 'transforms.Normalize',
  },
  resizing: {
    word: 'resizing',
    meaning:
      'Making a photo as small as the network wants it. With a filter all its pixels are averaged; the nearest pixels alone are quicker and rougher.',
  },
  imageSize: {
    word: 'image size',
    meaning:
      'Every photo is resized to a square with sides of this many pixels before it enters the network. Larger shows more detail and takes longer.',
  },
  dataHash: {
    word: 'data fingerprint',
    meaning:
      'Computed from every image, label and split that the run used. Two runs with the same fingerprint used the same data.',
  },
} as const satisfies Record<string, GlossaryEntry>;
