import '@fontsource-variable/inter/opsz.css';
import './styles/main.css';
import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app.vue';
import { fetchScreens, router } from './router.ts';
import { startLiveUpdates } from './stores/live.ts';

createApp(App).use(createPinia()).use(router).use(ui).mount('#app');
startLiveUpdates();
void router.isReady().then(() => requestIdleCallback(fetchScreens));
