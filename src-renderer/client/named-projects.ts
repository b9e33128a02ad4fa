/** Project folders that the user names outside the page, such as on the command line; in Electron only. */

/** Calls back with the id of each, for `api.projects.open`. */
export function onNamedProject(listener: (pick: string) => void): void {
  window.lenslet?.onNamedProject(listener);
}
