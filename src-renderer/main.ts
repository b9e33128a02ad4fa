import '@fontsource-variable/inter/opsz.css';
import './styles/main.css';
import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app.vue';
import { router } from './router.ts';
import { startLiveUpdates } from './stores/live.ts';

createApp(App).use(createPinia()).use(router).use(ui).mount('#app');
startLiveUpdates();
