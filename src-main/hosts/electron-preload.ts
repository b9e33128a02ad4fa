/** The only code between the page and Electron: a port to the services, and the places of dropped files. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';

const WANT_PORT = 'lenslet:want-port';
const PORT = 'lenslet:port';
const DROPPED = 'lenslet:dropped';

contextBridge.exposeInMainWorld('lenslet', {
  host: 'electron',
  /** Ids for files that the user dropped; the page never sees their paths. */
  registerDroppedPaths: (files: File[]): Promise<string[]> => {
    const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    return ipcRenderer.invoke(DROPPED, paths) as Promise<string[]>;
  },
});

window.addEventListener('message', (event) => {
  if (event.source === window && event.data === WANT_PORT) ipcRenderer.send(WANT_PORT);
});
ipcRenderer.on(PORT, (event) => window.postMessage(PORT, window.location.origin, event.ports));
