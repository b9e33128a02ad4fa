/** The desktop host: composes window, protocol and ports of the Electron it is given, and starts the core beside them. */
import { dirname, join } from 'node:path';
import type * as Electron from 'electron';
import { z } from 'zod';
import type { CoreCrash } from '../../contract/desktop/desktop.ts';
import { logLine } from '../node/log.ts';
import { coreProcessFile, plainNode, programRoot, rendererFolder, userFolders } from '../node/places.ts';
import { createAppProtocol, privilegedScheme } from './app-protocol.ts';
import { spawnCore } from './core-child.ts';
import { CoreKeeper } from './core-keeper.ts';
import { forward, openSocket } from './core-requests.ts';
import { lockContents, lockSession } from './lock-down.ts';
import { openMainWindow } from './main-window.ts';
import { menuTemplate } from './menu.ts';
import { NamedFolders, namedFolder, serveNamedProjects } from './named-projects.ts';
import { scheme } from './origin.ts';
import { serveRenderer } from './renderer-port.ts';
import { createShell } from './shell.ts';

/** The parts of Electron that the desktop host uses. */
export type ElectronParts = Pick<
  typeof Electron,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'MessageChannelMain'
  | 'nativeTheme'
  | 'powerSaveBlocker'
  | 'protocol'
  | 'screen'
  | 'session'
  | 'shell'
>;

const preload = join(programRoot, 'build', 'main', 'electron-preload.cjs');

/** What a second instance hands over: its command line. Chromium changes the one in the event. */
const handedOverSchema = z.object({ words: z.array(z.string()) });

function openWindow(electron: ElectronParts, settingsFolder: string): Electron.BrowserWindow {
  const primary = electron.screen.getPrimaryDisplay();
  const others = electron.screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return openMainWindow({
    create: (options) => new electron.BrowserWindow(options),
    displays: [primary, ...others].map(({ workArea }) => workArea),
    dark: electron.nativeTheme.shouldUseDarkColors,
    preload,
    icon: join(programRoot, 'assets', 'icon.png'),
    stateFile: join(settingsFolder, 'window.json'),
  });
}

/** Asks what to do about a core that cannot be kept running. */
async function reportGivenUp(electron: ElectronParts, crash: CoreCrash, again: () => void): Promise<void> {
  const { response } = await electron.dialog.showMessageBox({
    type: 'error',
    title: 'Lenslet',
    message: 'Lenslet’s core ends again and again.',
    detail: `What was saved is kept. ${crash.stderr.trim().split('\n').slice(-6).join('\n')}`,
    buttons: ['Start it again', 'Quit'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) again();
  else electron.app.quit();
}

/** Starts the core and keeps it running. Lets runs and imports come to a clean stop before the app ends. */
function keepCore(electron: ElectronParts): CoreKeeper {
  const { app, dialog, powerSaveBlocker } = electron;
  const shell = createShell({
    dialog,
    powerSaveBlocker,
    fileManager: electron.shell,
    projectChanged: (folder) => keeper.projectChanged(folder),
  });
  const keeper: CoreKeeper = new CoreKeeper({
    spawn: () => spawnCore(plainNode(), coreProcessFile, shell.router),
    documents: app.getPath('documents'),
    electron: process.versions.electron ?? '',
    crashed(crash) {
      shell.coreGone();
      logLine(`lenslet: the core ended (${crash.signal ?? crash.code}):`, crash.stderr);
    },
    gaveUp: (crash, again) => void reportGivenUp(electron, crash, again),
  });
  let closing = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    void keeper.close().finally(() => app.exit(0));
  });
  return keeper;
}

/** @param named hands over the folder that was named first, and takes those named later */
function whenReady(electron: ElectronParts, named: NamedFolders): void {
  const { app, session } = electron;
  const keeper = keepCore(electron);
  const running = () => keeper.running();
  const addPicks = async (paths: string[]): Promise<string[]> =>
    (await (await running()).ask.addPicks({ paths })).picks;
  lockSession(session.defaultSession);
  session.defaultSession.protocol.handle(
    scheme,
    createAppProtocol(rendererFolder, (request) => forward(running, request)),
  );
  serveRenderer({
    ipcMain: electron.ipcMain,
    createChannel: () => new electron.MessageChannelMain(),
    openSocket: () => openSocket(running),
    addPicks,
  });
  const open = serveNamedProjects({
    ipcMain: electron.ipcMain,
    addPick: async (path) => (await addPicks([path]))[0],
  });
  electron.Menu.setApplicationMenu(
    electron.Menu.buildFromTemplate(menuTemplate(process.platform, app.isPackaged)),
  );
  const { settingsFolder } = userFolders();
  let window = openWindow(electron, settingsFolder);
  const show = (): void => {
    if (window.isDestroyed()) window = openWindow(electron, settingsFolder);
    if (window.isMinimized()) window.restore();
    window.focus();
  };
  app.on('second-instance', show);
  app.on('activate', show);
  named.take(open);
}

/**
 * Starts the desktop app. Must be called before Electron is ready.
 * @param words the command line after the program's name
 * @returns false when another instance is running already; it shows itself and this one quits
 */
export function startDesktop(electron: ElectronParts, words: readonly string[]): boolean {
  const { app } = electron;
  app.setName('Lenslet');
  app.setPath('userData', userFolders().settingsFolder);
  const folder = namedFolder(words, process.cwd());
  if (!app.requestSingleInstanceLock({ words: folder === undefined ? [] : [folder] })) {
    app.quit();
    return false;
  }
  const named = new NamedFolders();
  named.add(folder);
  app.on('second-instance', (_event, _words, workingFolder, handedOver) => {
    const { data } = handedOverSchema.safeParse(handedOver);
    named.add(namedFolder(data?.words ?? [], workingFolder));
  });
  // On macOS, before the app is ready: a folder dropped on its icon.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    named.add(namedFolder([path], dirname(path)));
  });
  electron.protocol.registerSchemesAsPrivileged([privilegedScheme]);
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  void app.whenReady().then(() => whenReady(electron, named));
  return true;
}
