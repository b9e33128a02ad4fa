import '@fontsource-variable/inter/opsz.css';
import './styles/main.css';
import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app.vue';
import { photoAddresses } from '../shared/composables/photo-addresses.ts';
import { fetchScreens, router } from './router.ts';
import { startLiveUpdates } from './live.ts';
import { usePhotoVersionsStore } from '../shared/project/photo-versions.ts';

const pinia = createPinia();
createApp(App)
  .use(pinia)
  .use(router)
  .use(ui)
  .provide(photoAddresses, usePhotoVersionsStore(pinia).addresses)
  .mount('#app');
startLiveUpdates();
void router.isReady().then(() => requestIdleCallback(fetchScreens));
