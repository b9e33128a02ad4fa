/** Addresses of the screens. Behind `#`, so that the page and everything it loads lie at one relative address. */
import { createRouter, createWebHashHistory } from 'vue-router';

const screens = {
  start: () => import('../features/start/screen.vue'),
  images: () => import('../features/images/screen.vue'),
  check: () => import('../features/checks/screen.vue'),
  findings: () => import('../features/checks/findings-screen.vue'),
  map: () => import('../features/map/screen.vue'),
  augment: () => import('../features/augment/screen.vue'),
  train: () => import('../features/train/screen.vue'),
  results: () => import('../features/results/screen.vue'),
  inside: () => import('../features/explain/screen.vue'),
  insideLab: () => import('../features/explain/lab/screen.vue'),
  insideNetwork: () => import('../features/explain/network/screen.vue'),
  insideActivations: () => import('../features/explain/activations/screen.vue'),
  insidePatterns: () => import('../features/explain/patterns/screen.vue'),
  insideHeatmap: () => import('../features/explain/heatmap/screen.vue'),
  use: () => import('../features/predict/screen.vue'),
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
