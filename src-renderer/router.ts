/** Addresses of the screens. Behind `#`, so that the page and everything it loads lie at one relative address. */
import { createRouter, createWebHashHistory } from 'vue-router';

const screens = {
  start: () => import('./screens/start-screen.vue'),
  images: () => import('./screens/images-screen.vue'),
  check: () => import('./screens/check-screen.vue'),
  findings: () => import('./screens/findings-screen.vue'),
  map: () => import('./screens/map-screen.vue'),
  augment: () => import('./screens/augment-screen.vue'),
  train: () => import('./screens/train-screen.vue'),
  results: () => import('./screens/results-screen.vue'),
  inside: () => import('./screens/inside-screen.vue'),
  insideLab: () => import('./screens/inside/lab-screen.vue'),
  insideNetwork: () => import('./screens/inside/network-screen.vue'),
  insideActivations: () => import('./screens/inside/activations-screen.vue'),
  insidePatterns: () => import('./screens/inside/patterns-screen.vue'),
  insideHeatmap: () => import('./screens/inside/heatmap-screen.vue'),
  use: () => import('./screens/use-screen.vue'),
};

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', name: 'start', component: screens.start },
    { path: '/images', name: 'images', component: screens.images },
    {
      path: '/check',
      children: [
        { path: '', name: 'check', component: screens.check },
        { path: ':check', name: 'check-findings', component: screens.findings },
      ],
    },
    { path: '/map', name: 'map', component: screens.map },
    { path: '/augment', name: 'augment', component: screens.augment },
    { path: '/train', name: 'train', component: screens.train },
    { path: '/results/:run?', name: 'results', component: screens.results },
    {
      path: '/inside',
      component: screens.inside,
      children: [
        { path: '', name: 'inside', redirect: { name: 'inside-lab' } },
        { path: 'lab/:exhibit?', name: 'inside-lab', component: screens.insideLab },
        { path: 'network', name: 'inside-network', component: screens.insideNetwork },
        { path: 'activations', name: 'inside-activations', component: screens.insideActivations },
        { path: 'patterns', name: 'inside-patterns', component: screens.insidePatterns },
        { path: 'heatmap', name: 'inside-heatmap', component: screens.insideHeatmap },
      ],
    },
    { path: '/use', name: 'use', component: screens.use },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});

/** Fetches all screens, so that going to one needs no server any more: it may be gone, or be another by then. */
export function fetchScreens(): void {
  for (const load of Object.values(screens)) load().catch(() => undefined);
}
