import type { Check } from '../check.ts';

export const unreadable: Check = {
  id: 'unreadable',
  label: 'Unreadable files',
  severity: 'warning',
  explanation:
    'These files could not be opened as pictures and were set aside at import. A damaged copy often has a good original.',
  find: ({ refused }) =>
    Promise.resolve(
      refused.map(({ path, code, reason }) => ({
        message: `${path}: ${reason}`,
        score: code === 'IMAGE_MISSING' ? 0.4 : 0.8,
        photos: [],
        paths: [path],
        about: path,
      })),
    ),
};
