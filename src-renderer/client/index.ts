/** The only part of the renderer that knows how requests travel. */
export { api, wire } from './api.ts';
export { toAppError } from './errors.ts';
export { type FileSource, type FoundFile, readDrop, readPicked } from './dropped-files.ts';
export { meanProject } from './meant-project.ts';
export { onNamedProject } from './named-projects.ts';
export { isVideo, sourceOfFiles, withoutVideos } from './loose-files.ts';
export { bring } from './sources.ts';
export { type UploadProgress, sendPicture, upload } from './uploads.ts';
export type { WireState } from './wire.ts';
