// @ts-check
/** `npm start [-- --no-open --port N --gpu | --cpu --retry]`: sets up what is missing, then opens the app. */
import { openApp } from './app/open-app.mjs';
import { main } from './setup/main.mjs';

await main(() => openApp(process.argv.slice(2)));
