/** The rules every page of Lenslet lives under, the same in the browser and in the desktop window. */

/**
 * The content security policy: our own scripts, styles, fonts and pictures, and nothing of anyone else's.
 * Styles allow `unsafe-inline` because the component library sets its palette in a style element at run time.
 * @param sockets WebSocket addresses the page may connect to besides its own origin, e.g. `ws://127.0.0.1:5367`
 */
export function contentSecurityPolicy(sockets: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "font-src 'self'",
    ['connect-src', "'self'", ...sockets].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** Headers for every answer, pictures included. @param sockets see contentSecurityPolicy */
export function securityHeaders(sockets: readonly string[] = []): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(sockets),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy':
      'camera=(self), microphone=(), geolocation=(), display-capture=(), usb=(), serial=()',
  };
}
