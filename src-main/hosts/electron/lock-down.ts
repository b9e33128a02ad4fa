/** What a page in the window may not do: go elsewhere, open windows, use devices, talk to the network. */
import type {
  MediaAccessPermissionRequest,
  PermissionCheckHandlerHandlerDetails,
  PermissionRequest,
  Session,
  WebContents,
} from 'electron';
import { isOwnAddress } from './origin.ts';

/** The camera's picture, without sound, and copying text, for our own page; nothing else. */
export function mayUse(permission: string, address: string, media: readonly string[]): boolean {
  if (!isOwnAddress(address)) return false;
  if (permission === 'clipboard-sanitized-write') return true;
  return permission === 'media' && media.length > 0 && media.every((kind) => kind === 'video');
}

/** Addresses that stay on this machine and come from us. Developer tools are only open when a developer opens them. */
export function mayLoad(address: string): boolean {
  return isOwnAddress(address) || /^(blob:lenslet:|data:|devtools:)/.test(address);
}

/** Locks a session: permissions, devices, screen capture, downloads from elsewhere, every network request. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details: PermissionRequest) => {
    const { mediaTypes = [] } = details as MediaAccessPermissionRequest;
    callback(mayUse(permission, details.requestingUrl, mediaTypes));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, requester, details: PermissionCheckHandlerHandlerDetails) =>
      mayUse(permission, requester, details.mediaType === undefined ? [] : [details.mediaType]),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !mayLoad(details.url) }));
}

/** Locks what a page is shown in: it stays on our page and opens nothing. */
export function lockContents(contents: WebContents): void {
  const stay = (event: { preventDefault(): void; url: string }): void => {
    if (!isOwnAddress(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
