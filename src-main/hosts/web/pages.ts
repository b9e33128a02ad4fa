/** The few pages the server writes itself. They use no script and nothing from elsewhere. */

function page(title: string, body: string, head = ''): string {
  return (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    `<title>Lenslet – ${title}</title>${head}<style>:root{color-scheme:light dark;font:16px/1.6 system-ui,sans-serif}` +
    'body{max-width:34rem;margin:18vh auto;padding:0 1.5rem}code{font-size:.95em}</style>' +
    `<h1>${title}</h1>${body}</html>`
  );
}

/**
 * Shown to whoever comes without the token.
 * @param retry true after a click from another site: browsers leave the cookie out then, and bring it when the page
 * reloads itself
 */
export function strangerPage(retry: boolean): string {
  return page(
    'Please use the full address',
    '<p>This Lenslet is private. Open the address it printed in its terminal, the whole line including ' +
      '<code>?token=…</code>.</p><p>The line is new each time Lenslet starts.</p>',
    retry ? '<meta http-equiv="refresh" content="0">' : '',
  );
}

/** Shown when the page was requested under a name this machine does not have. */
export function wrongHostPage(): string {
  return page(
    'Wrong address',
    '<p>Lenslet does not answer under this name. Use the address it printed, or the number of this machine.</p>',
  );
}
