/** Addresses of the screens. Behind `#`, so that the page and everything it loads lie at one relative address. */
import { createRouter, createWebHashHistory } from 'vue-router';

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', name: 'start', component: () => import('./screens/start-screen.vue') },
    { path: '/images', name: 'images', component: () => import('./screens/images-screen.vue') },
    { path: '/train', name: 'train', component: () => import('./screens/train-screen.vue') },
    { path: '/results/:run?', name: 'results', component: () => import('./screens/results-screen.vue') },
    { path: '/use', name: 'use', component: () => import('./screens/use-screen.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});
