/** The desktop host on a recorded fake of Electron; on the real one where its binary exists. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Contract } from '../../../../src-main/contract/app/index.ts';
import { startDesktop } from '../../../../src-main/hosts/electron/desktop.ts';
import { electronBinary } from '../../../../src-main/hosts/cli/commands/open-app.ts';
import { createFakeElectron, type FakeFrame, type Recording } from '../../../fixtures/fake-electron.ts';

const home = mkdtempSync(join(tmpdir(), 'lenslet-electron-'));
const page: FakeFrame = { url: 'lenslet://app/#/images', parent: null };
let recording: Recording;
let homeBefore: string | undefined;

/** Calls a recorded listener as Electron would. */
function fire(handler: unknown, ...args: unknown[]): unknown {
  return (handler as (...all: unknown[]) => unknown)(...args);
}

function askForPort(senderFrame: FakeFrame | null): ReturnType<typeof createORPCClient> | null {
  const sender = recording.windows[0].webContents;
  sender.port = null;
  fire(recording.listeners.get('lenslet:want-port'), { senderFrame, sender });
  if (sender.port === null) return null;
  return createORPCClient(new RPCLink({ port: sender.port }));
}

beforeAll(async () => {
  homeBefore = process.env.LENSLET_HOME;
  process.env.LENSLET_HOME = home;
  const fake = createFakeElectron();
  recording = fake.recording;
  expect(startDesktop(fake.electron, [])).toBe(true);
  await vi.waitFor(() => expect(recording.windows).toHaveLength(1));
});

afterAll(async () => {
  recording.windows[0]?.webContents.port?.close();
  recording.app.emit('will-quit', { preventDefault: () => undefined });
  await vi.waitFor(() => expect(recording.exitCode).toBe(0), { timeout: 20_000 });
  if (homeBefore === undefined) delete process.env.LENSLET_HOME;
  else process.env.LENSLET_HOME = homeBefore;
  rmSync(home, { recursive: true, force: true });
});

describe('the window', () => {
  test('is isolated and sandboxed and shows our own page only when drawn', () => {
    const [window] = recording.windows;
    expect(window.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(recording.calls).toContain('enableSandbox');
    expect(window.address).toBe('lenslet://app/');
    expect(window.options.show).toBe(false);
    window.emit('ready-to-show');
    expect(window.calls).toContain('show');
  });

  test('registers its scheme before it is ready, without any right to bypass the policy', () => {
    expect(recording.schemes).toEqual([
      {
        scheme: 'lenslet',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
      },
    ]);
    expect(recording.calls.indexOf('enableSandbox')).toBeLessThan(recording.calls.indexOf('whenReady'));
  });

  test('keeps its place', () => {
    recording.windows[0].emit('close');
    const kept = JSON.parse(readFileSync(join(home, 'settings', 'window.json'), 'utf8')) as unknown;
    expect(kept).toEqual({ bounds: { x: 11, y: 22, width: 1200, height: 800 }, maximized: true });
  });

  test('comes back after a crash of its page and when started a second time', () => {
    const [window] = recording.windows;
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window.calls).toContain('reload');
    recording.app.emit('second-instance');
    expect(window.calls.slice(-2)).toEqual(['restore', 'focus']);
  });

  test('stays on its page and opens nothing', () => {
    const { webContents } = recording.windows[0];
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      const stopped = (url: string): boolean => {
        let prevented = false;
        webContents.emit(event, { url, preventDefault: () => (prevented = true) });
        return prevented;
      };
      expect(stopped('https://example.com/')).toBe(true);
      expect(stopped('file:///etc/passwd')).toBe(true);
      expect(stopped('lenslet://app/#/train')).toBe(false);
    }
    expect(fire(webContents.opener, { url: 'https://example.com/' })).toEqual({ action: 'deny' });
  });
});

describe('the session', () => {
  const asked = (permission: string, requestingUrl: string, mediaTypes?: string[]): boolean => {
    let granted = false;
    fire(recording.session.permissionRequest, {}, permission, (answer: boolean) => (granted = answer), {
      requestingUrl,
      mediaTypes,
    });
    return granted;
  };

  test('gives the camera to our page and nothing to anyone else', () => {
    expect(asked('media', 'lenslet://app/', ['video'])).toBe(true);
    expect(asked('media', 'lenslet://app/', ['video', 'audio'])).toBe(false);
    expect(asked('media', 'https://example.com/', ['video'])).toBe(false);
    expect(asked('geolocation', 'lenslet://app/')).toBe(false);
    expect(
      fire(recording.session.permissionCheck, null, 'media', 'lenslet://app/', { mediaType: 'video' }),
    ).toBe(true);
    expect(
      fire(recording.session.permissionCheck, null, 'media', 'lenslet://app/', { mediaType: 'audio' }),
    ).toBe(false);
    expect(fire(recording.session.permissionCheck, null, 'notifications', 'lenslet://app/', {})).toBe(false);
    expect(fire(recording.session.device, {})).toBe(false);
  });

  test('lets no request leave the machine', () => {
    const cancelled = (url: string): unknown => {
      let answer: unknown;
      fire(recording.session.beforeRequest, { url }, (value: unknown) => (answer = value));
      return answer;
    };
    expect(cancelled('https://example.com/x.js')).toEqual({ cancel: true });
    expect(cancelled('http://127.0.0.1:9/')).toEqual({ cancel: true });
    expect(cancelled('lenslet://app/index.html')).toEqual({ cancel: false });
  });
});

describe('the protocol', () => {
  const get = (address: string): Promise<Response> => recording.protocol!(new Request(address));

  test('answers under the policy, whatever it answers', async () => {
    for (const path of ['', 'nothing.js', 'media/thumbnail/1']) {
      const answer = await get(`lenslet://app/${path}`);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(answer.headers.get('content-security-policy')).toContain("connect-src 'self';");
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('serves no other host and nothing outside the renderer', async () => {
    expect((await get('lenslet://other/')).status).toBe(404);
    expect((await get('lenslet://app/..%2f..%2fpackage.json')).status).toBe(404);
  });
});

describe('the port', () => {
  test('is given to our page alone', () => {
    expect(askForPort(null)).toBeNull();
    expect(askForPort({ url: 'https://example.com/', parent: null })).toBeNull();
    expect(askForPort({ url: 'lenslet://app/', parent: page })).toBeNull();
  });

  test('carries the contract: answers, typed errors, events', async () => {
    const client = askForPort(page) as unknown as ContractRouterClient<Contract>;
    expect(await client.app.info()).toMatchObject({
      host: 'electron',
      nativePicker: true,
      projectsFolder: join(home, 'projects'),
    });
    await expect(client.datasets.summary()).rejects.toMatchObject({ code: 'PROJECT_NOT_OPEN' });
    const types: string[] = [];
    for await (const event of await client.app.events()) {
      types.push(event.type);
      if (types.length === 2) break;
    }
    expect(types.sort()).toEqual(['engine', 'project']);
    const project = await client.projects.create({ name: 'Katzen & Hunde' });
    expect(existsSync(join(project.location, 'project.db'))).toBe(true);
  });

  test('a picked or dropped folder is an id to the page, never a path', async () => {
    const client = askForPort(page) as unknown as ContractRouterClient<Contract>;
    recording.folder = home;
    const picked = await client.datasets.pickFolder({ title: 'Photos' });
    expect(picked?.pick).not.toContain(home);
    recording.folder = null;
    expect(await client.datasets.pickFolder({ title: 'Photos' })).toBeNull();
    const dropped = (await fire(recording.handlers.get('lenslet:dropped'), { senderFrame: page }, [
      home,
      join(home, 'settings'),
    ])) as string[];
    expect(dropped).toHaveLength(2);
    expect(dropped.join()).not.toContain(home);
  });

  test('refuses paths from strangers and paths that are none', () => {
    const drop = (senderFrame: FakeFrame | null, paths: unknown) => (): unknown =>
      fire(recording.handlers.get('lenslet:dropped'), { senderFrame }, paths);
    expect(drop({ url: 'https://example.com/', parent: null }, [home])).toThrow();
    expect(drop(page, ['relative/path'])).toThrow();
    expect(drop(page, 'text')).toThrow();
    expect(drop(page, [1])).toThrow();
  });

  test('the engine runs in a process of its own', async () => {
    const client = askForPort(page) as unknown as ContractRouterClient<Contract>;
    const summary = await client.training.summary({ recipe: 'scratch', classes: 2 });
    expect(summary.params).toBe(3_453_121);
  });
});

test('a second instance hands over and quits', () => {
  const second = createFakeElectron(false);
  expect(startDesktop(second.electron, [])).toBe(false);
  expect(second.recording.calls).toContain('quit');
  expect(second.recording.calls).not.toContain('whenReady');
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
