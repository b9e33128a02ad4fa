/// <reference types="vite/client" />

/** What Electron's preload puts on the window; absent in a browser. */
interface LensletHost {
  readonly host: 'electron';
  /** Tells the main process where dropped files lie; the page itself only learns an id for each. */
  registerDroppedPaths(files: File[]): Promise<string[]>;
  /** Calls back with the id of each project folder that the user names outside the window. */
  onNamedProject(listener: (pick: string) => void): void;
}

interface Window {
  readonly lenslet?: LensletHost;
}
