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
  explain: () => import('../features/explain/screen.vue'),
  explainLab: () => import('../features/explain/lab/screen.vue'),
  explainNetwork: () => import('../features/explain/network/screen.vue'),
  explainActivations: () => import('../features/explain/activations/screen.vue'),
  explainPatterns: () => import('../features/explain/patterns/screen.vue'),
  explainHeatmap: () => import('../features/explain/heatmap/screen.vue'),
  use: () => import('../features/predict/screen.vue'),
  sort: () => import('../features/sort/screen.vue'),
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
      path: '/explain',
      component: screens.explain,
      children: [
        { path: '', name: 'explain', redirect: { name: 'explain-lab' } },
        { path: 'lab/:demo?', name: 'explain-lab', component: screens.explainLab },
        { path: 'network', name: 'explain-network', component: screens.explainNetwork },
        { path: 'activations', name: 'explain-activations', component: screens.explainActivations },
        { path: 'patterns', name: 'explain-patterns', component: screens.explainPatterns },
        { path: 'heatmap', name: 'explain-heatmap', component: screens.explainHeatmap },
      ],
    },
    // What this screen was called in version 0.1: bookmarks keep working.
    {
      path: '/inside/:rest(.*)*',
      redirect: ({ params }) => ['/explain', params.rest].flat().filter(Boolean).join('/'),
    },
    {
      path: '/use',
      children: [
        { path: '', name: 'use', component: screens.use },
        { path: 'sort', name: 'sort', component: screens.sort },
      ],
    },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});

/** Fetches all screens, so that going to one needs no server any more: it may be gone, or be another by then. */
export function fetchScreens(): void {
  for (const load of Object.values(screens)) load().catch(() => undefined);
}
