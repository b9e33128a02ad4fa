/**
 * What of the desktop's shell needs no window: who gets a port, what the protocol answers, what the session refuses. What
 * a user does in the window is in test/e2e/desktop; with Electron's binary the real window is opened here.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions, IpcMain, Session } from 'electron';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { electronBinary } from '../../../../src-main/hosts/cli/commands/open-app.ts';
import { createAppProtocol, privilegedScheme } from '../../../../src-main/hosts/electron/app-protocol.ts';
import { lockSession } from '../../../../src-main/hosts/electron/lock-down.ts';
import { openMainWindow } from '../../../../src-main/hosts/electron/main-window.ts';
import {
  NamedFolders,
  namedFolder,
  serveNamedProjects,
} from '../../../../src-main/hosts/electron/named-projects.ts';
import { serveRenderer } from '../../../../src-main/hosts/electron/renderer-port.ts';
import { rendererFolder } from '../../../../src-main/hosts/node/places.ts';
import { MessageChannelMain } from '../../../fixtures/electron/message-port.ts';
import { SchemeServer } from '../../../fixtures/electron/scheme-server.ts';
import { StandInSession } from '../../../fixtures/electron/session.ts';
import { IpcMainStandIn } from '../../../fixtures/electron/window.ts';

const home = mkdtempSync(join(tmpdir(), 'lenslet-shell-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const page = { url: 'lenslet://app/#/images', parent: null };
const strangers = [
  null,
  { url: 'https://example.com/', parent: null },
  { url: 'lenslet://app/', parent: page },
];

describe('the page’s way to the core', () => {
  const ipcMain = new IpcMainStandIn();
  const picked: string[] = [];
  let ports = 0;
  beforeAll(() =>
    serveRenderer({
      ipcMain: ipcMain as unknown as IpcMain,
      createChannel: () => new MessageChannelMain(),
      openSocket: () => new Promise(() => undefined),
      addPicks: async (paths) => paths.map((path) => `pick-${picked.push(path)}`),
    }),
  );
  const drop = (senderFrame: unknown, paths: unknown): Promise<unknown> =>
    ipcMain.invoke('lenslet:dropped', { senderFrame }, [paths]);

  test('is given to our page alone', () => {
    const sender = { postMessage: () => ports++, isDestroyed: () => false };
    for (const senderFrame of strangers) ipcMain.emit('lenslet:want-port', { senderFrame, sender });
    expect(ports).toBe(0);
    ipcMain.emit('lenslet:want-port', { senderFrame: page, sender });
    expect(ports).toBe(1);
  });

  test('gives ids for any number of dropped files, and none for what is no place', async () => {
    const paths = Array.from({ length: 25_000 }, (_, i) => join(home, `${i}.jpg`));
    const ids = (await drop(page, paths)) as string[];
    expect(ids).toHaveLength(25_000);
    expect(ids.join()).not.toContain(home);
    expect(picked).toEqual(paths);
    for (const senderFrame of strangers) await expect(drop(senderFrame, [home])).rejects.toThrow();
    for (const wrong of [['relative/path'], 'text', [1], ['']])
      await expect(drop(page, wrong)).rejects.toThrow();
  });
});

test('folders that are named before the page is there wait for it, and are ids to it', async () => {
  const ipcMain = new IpcMainStandIn();
  const sent: unknown[][] = [];
  const sender = { send: (...message: unknown[]) => sent.push(message), isDestroyed: () => false };
  const named = new NamedFolders();
  named.add(namedFolder(['--flag', 'cats'], '/home/me'));
  named.take(
    serveNamedProjects({
      ipcMain: ipcMain as unknown as IpcMain,
      addPick: async (path) => `pick of ${path}`,
    }),
  );
  for (const senderFrame of strangers) ipcMain.emit('lenslet:want-named-projects', { senderFrame, sender });
  expect(sent).toEqual([]);
  ipcMain.emit('lenslet:want-named-projects', { senderFrame: page, sender });
  await vi.waitFor(() => expect(sent).toEqual([['lenslet:named-project', 'pick of /home/me/cats']]));
  named.add('/home/me/dogs');
  await vi.waitFor(() => expect(sent.at(-1)).toEqual(['lenslet:named-project', 'pick of /home/me/dogs']));
});

test.each([
  [[], undefined],
  [['--trace'], undefined],
  [['cats'], '/home/me/cats'],
  [['/other/dogs'], '/other/dogs'],
  [['cats/project.db'], '/home/me/cats'],
] as const)('the command line %j names %s', (words, folder) => {
  expect(namedFolder(words, '/home/me')).toBe(folder);
});

describe('the protocol', () => {
  const answer = createAppProtocol(
    rendererFolder,
    async () => new Response('from the core', { status: 404 }),
  );
  const get = (address: string): Promise<Response> => answer(new Request(address));

  test('answers under the policy, whatever it answers', async () => {
    for (const path of ['', 'nothing.js', 'media/thumbnail/1']) {
      const { headers } = await get(`lenslet://app/${path}`);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain("connect-src 'self';");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('hands pictures and uploads on, and serves no other host and nothing outside the renderer', async () => {
    expect(await (await get('lenslet://app/media/thumbnail/1')).text()).toBe('from the core');
    expect(await (await get('lenslet://app/upload/1?path=a.jpg')).text()).toBe('from the core');
    expect((await get('lenslet://other/')).status).toBe(404);
    expect((await get('lenslet://app/..%2f..%2fpackage.json')).status).toBe(404);
  });

  test('has a secure origin without any right to bypass the policy', () => {
    expect(privilegedScheme).toEqual({
      scheme: 'lenslet',
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    });
  });
});

test('the session lets no request leave the machine, and no stranger use the camera', async () => {
  const session = new StandInSession(new SchemeServer());
  lockSession(session as unknown as Session);
  for (const url of ['https://example.com/x.js', 'http://127.0.0.1:9/', 'file:///etc/passwd'])
    expect(await session.cancels(url)).toBe(true);
  expect(await session.cancels('lenslet://app/index.html')).toBe(false);
  expect(await session.allows(null, 'media', 'lenslet://app/', ['video'])).toBe(true);
  expect(await session.allows(null, 'media', 'lenslet://app/', ['video', 'audio'])).toBe(false);
  expect(await session.allows(null, 'media', 'https://example.com/', ['video'])).toBe(false);
  expect(await session.allows(null, 'notifications', 'lenslet://app/', [])).toBe(false);
});

test('the window is isolated and sandboxed, and its page is loaded again after a crash', () => {
  let options: BrowserWindowConstructorOptions = {};
  const listeners = new Map<string, (...args: unknown[]) => void>();
  const calls: string[] = [];
  openMainWindow({
    create(given) {
      options = given;
      const on = (event: string, listener: () => void): unknown => listeners.set(event, listener);
      return {
        on,
        once: on,
        webContents: { on },
        loadURL: async (url: string) => void calls.push(url),
        reload: () => calls.push('reload'),
        show: () => calls.push('show'),
      } as unknown as BrowserWindow;
    },
    displays: [{ x: 0, y: 0, width: 1920, height: 1040 }],
    dark: true,
    preload: 'preload.cjs',
    icon: 'icon.png',
    stateFile: join(home, 'window.json'),
  });
  expect(options).toMatchObject({
    show: false,
    webPreferences: {
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    },
  });
  listeners.get('ready-to-show')?.();
  listeners.get('render-process-gone')?.({}, { reason: 'crashed' });
  listeners.get('render-process-gone')?.({}, { reason: 'clean-exit' });
  expect(calls).toEqual(['lenslet://app/', 'show', 'reload']);
});

const binary = electronBinary();
test.skipIf(binary === null)(
  'the real Electron opens the page, isolated (skipped where its binary is missing)',
  async () => {
    const { _electron } = await import('@playwright/test');
    const app = await _electron.launch({
      executablePath: binary!,
      args: ['.', '--no-sandbox'],
      env: { ...process.env, LENSLET_HOME: mkdtempSync(join(home, 'real-')) },
    });
    try {
      const window = await app.firstWindow();
      await window.waitForLoadState('domcontentloaded');
      expect(window.url()).toMatch(/^lenslet:\/\/app\//);
      expect(await window.evaluate('typeof require + typeof process + window.lenslet.host')).toBe(
        'undefinedundefinedelectron',
      );
      await expect.poll(() => window.locator('body').innerText(), { timeout: 20_000 }).toContain('Lenslet');
    } finally {
      await app.close();
    }
  },
);
