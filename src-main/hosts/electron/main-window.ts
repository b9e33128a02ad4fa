/** The one window: sandboxed, isolated, where and as large as it was last time. */
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import { startPage } from './origin.ts';
import { readWindowState, smallest, usableBounds, writeWindowState, type Rectangle } from './window-state.ts';

export interface MainWindowOptions {
  readonly create: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  /** Work areas of the displays, the primary one first. */
  readonly displays: readonly Rectangle[];
  readonly dark: boolean;
  readonly preload: string;
  readonly icon: string;
  /** The file the window's place is kept in. */
  readonly stateFile: string;
}

/** Opens the window. It shows itself when its page has been drawn, so that nothing flashes. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const kept = readWindowState(options.stateFile);
  const window = options.create({
    ...usableBounds(kept?.bounds ?? null, options.displays),
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Lenslet',
    icon: options.icon,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: options.dark ? '#18181b' : '#fafafa',
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (kept?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    writeWindowState(options.stateFile, {
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
    });
  });
  // A page that crashed is loaded again; the services and a running training know nothing of it.
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') window.reload();
  });
  void window.loadURL(startPage);
  return window;
}
