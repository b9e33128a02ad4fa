/** The component gallery: the shared components without the app around them. */
import '@fontsource-variable/inter/opsz.css';
import './gallery.css';
import ui from '@nuxt/ui/vue-plugin';
import { createApp } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import Gallery from './gallery.vue';

// Links of components lead nowhere here: there are no screens.
const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: '/:rest(.*)*', component: { render: () => null } }],
});
createApp(Gallery).use(router).use(ui).mount('#app');
