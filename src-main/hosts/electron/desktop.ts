/** The desktop host: composes window, protocol, ports and core from the Electron it is given. */
import { logLine } from '../node/log.ts';
import { join } from 'node:path';
import type * as Electron from 'electron';
import { createCore, type Core } from '../../services/core.ts';
import {
  engineProcessFile,
  programRoot,
  programVersion,
  rendererFolder,
  sharedBackboneFolders,
  userFolders,
} from '../node/places.ts';
import { createAppProtocol, privilegedScheme } from './app-protocol.ts';
import { createUtilityEngine } from './engine-utility.ts';
import { lockContents, lockSession } from './lock-down.ts';
import { openMainWindow } from './main-window.ts';
import { menuTemplate } from './menu.ts';
import { scheme } from './origin.ts';
import { serveRenderer } from './renderer-port.ts';

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
  | 'protocol'
  | 'screen'
  | 'session'
  | 'utilityProcess'
>;

const preload = join(import.meta.dirname, 'electron-preload.cjs');

function createDesktopCore(electron: ElectronParts): Core {
  return createCore({
    host: 'electron',
    version: programVersion(),
    ...userFolders(electron.app.getPath('documents')),
    backboneFolders: sharedBackboneFolders(),
    spawnEngine: createUtilityEngine((...fork) => electron.utilityProcess.fork(...fork), engineProcessFile),
    abilities: {
      async pickFolder(title) {
        const answer = await electron.dialog.showOpenDialog({
          title,
          properties: ['openDirectory', 'createDirectory'],
        });
        return answer.canceled ? null : answer.filePaths[0];
      },
    },
    log: (message, detail) => logLine(`lenslet: ${message}`, detail),
  });
}

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

/** Lets runs and imports come to a clean stop before the process ends. */
function closeBeforeQuit(app: Electron.App, core: Core): void {
  let closing = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    void core.close().finally(() => app.exit(0));
  });
}

/** The project folder given on the command line, e.g. by a file manager; undefined without one. */
async function openGivenProject(core: Core, words: readonly string[]): Promise<void> {
  const folder = words.findLast((word) => !word.startsWith('-'));
  if (folder === undefined) return;
  // The window opens all the same, on the start screen, where the reason can be seen by opening it there.
  await core.projects.openFolder(folder).catch((thrown: unknown) => logLine('lenslet:', thrown));
}

async function whenReady(electron: ElectronParts, words: readonly string[]): Promise<void> {
  const { app, session } = electron;
  const core = createDesktopCore(electron);
  closeBeforeQuit(app, core);
  lockSession(session.defaultSession);
  session.defaultSession.protocol.handle(scheme, createAppProtocol(rendererFolder, core.media));
  serveRenderer({
    ipcMain: electron.ipcMain,
    createChannel: () => new electron.MessageChannelMain(),
    router: core.router,
    addPick: (path) => core.context.pickedPaths.add(path),
  });
  electron.Menu.setApplicationMenu(
    electron.Menu.buildFromTemplate(menuTemplate(process.platform, app.isPackaged)),
  );
  await openGivenProject(core, words);
  const { settingsFolder } = core.context;
  let window = openWindow(electron, settingsFolder);
  const show = (): void => {
    if (window.isDestroyed()) window = openWindow(electron, settingsFolder);
    if (window.isMinimized()) window.restore();
    window.focus();
  };
  app.on('second-instance', show);
  app.on('activate', show);
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
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  electron.protocol.registerSchemesAsPrivileged([privilegedScheme]);
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  void app.whenReady().then(() => whenReady(electron, words));
  return true;
}
