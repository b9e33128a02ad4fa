/** The only code between the page and Electron: a port to the core, the places of dropped files, projects to open. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';

const WANT_PORT = 'lenslet:want-port';
const PORT = 'lenslet:port';
const PORT_CLOSED = 'lenslet:port-closed';
const DROPPED = 'lenslet:dropped';
const WANT_PROJECTS = 'lenslet:want-named-projects';
const NAMED_PROJECT = 'lenslet:named-project';

contextBridge.exposeInMainWorld('lenslet', {
  host: 'electron',
  /** Ids for files that the user dropped; the page never sees their paths. */
  registerDroppedPaths: (files: File[]): Promise<string[]> => {
    const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    return ipcRenderer.invoke(DROPPED, paths) as Promise<string[]>;
  },
  /** Calls back with the id of each project folder that the user names outside the window. */
  onNamedProject: (listener: (pick: string) => void): void => {
    ipcRenderer.on(NAMED_PROJECT, (_event, pick: string) => listener(pick));
    ipcRenderer.send(WANT_PROJECTS);
  },
});

window.addEventListener('message', (event) => {
  if (event.source === window && event.data === WANT_PORT) ipcRenderer.send(WANT_PORT);
});
ipcRenderer.on(PORT, (event) => window.postMessage(PORT, window.location.origin, event.ports));
ipcRenderer.on(PORT_CLOSED, () => window.postMessage(PORT_CLOSED, window.location.origin));
