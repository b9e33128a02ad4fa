/** The way through, as the rail shows it. A new screen is one line here and one in `router.ts`. */

export interface Step {
  readonly id: string;
  readonly label: string;
  readonly path: string;
  /** A literal name: computed ones would be fetched from elsewhere at run time. */
  readonly icon: string;
  /** The key after `g` that goes there. */
  readonly key: string;
  readonly needsProject: boolean;
}

export const steps: readonly Step[] = [
  { id: 'start', label: 'Start', path: '/', icon: 'i-lucide-house', key: 's', needsProject: false },
  { id: 'images', label: 'Images', path: '/images', icon: 'i-lucide-images', key: 'i', needsProject: true },
  { id: 'check', label: 'Check', path: '/check', icon: 'i-lucide-list-checks', key: 'c', needsProject: true },
  { id: 'map', label: 'Map', path: '/map', icon: 'i-lucide-map', key: 'm', needsProject: true },
  {
    id: 'augment',
    label: 'Augment',
    path: '/augment',
    icon: 'i-lucide-sparkles',
    key: 'a',
    needsProject: true,
  },
  { id: 'train', label: 'Train', path: '/train', icon: 'i-lucide-activity', key: 't', needsProject: true },
  {
    id: 'results',
    label: 'Results',
    path: '/results',
    icon: 'i-lucide-chart-column',
    key: 'r',
    needsProject: true,
  },
  {
    id: 'explain',
    label: 'Explain',
    path: '/explain',
    icon: 'i-lucide-scan-eye',
    key: 'e',
    needsProject: false,
  },
  { id: 'use', label: 'Use', path: '/use', icon: 'i-lucide-wand-sparkles', key: 'u', needsProject: true },
];
