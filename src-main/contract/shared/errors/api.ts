/** The prediction API. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const apiErrors = {
  API_TOKEN_WRONG: {
    message: 'The request carries no token that is valid.',
    remedy: 'Send the token as “Authorization: Bearer TOKEN”; whoever runs the server knows it.',
  },
  API_NOT_FOUND: {
    message: 'There is nothing at {path}.',
    remedy: 'See /docs for what can be asked.',
  },
  API_NO_PHOTO: {
    message: 'The request holds no photo.',
    remedy: 'Send one or more files as the field “image” of a form, or one photo as the whole body.',
  },
  API_REQUEST_INVALID: {
    message: 'The request cannot be understood: {reason}.',
    remedy: 'See /docs for what can be asked.',
  },
  API_URL_REFUSED: {
    message: 'This server fetches no photos from the web.',
    remedy: 'Send the photo itself, or start the server with --allow-url.',
  },
  API_TYPE_WRONG: {
    message: 'Requests of the type “{type}” are not read.',
    remedy: 'Send a form (multipart/form-data), or one photo as image/jpeg, image/png or another image type.',
  },
  API_TOO_LARGE: {
    message: 'The request is larger than {megabytes} MB, or holds more than {photos} photos.',
    remedy: 'Send smaller photos, or fewer at once.',
  },
  API_BUSY: {
    message: 'More photos wait than the server takes in.',
    remedy: 'Try again in a second or two.',
  },
  API_TIMEOUT: {
    message: 'The answer took longer than {seconds} seconds.',
    remedy: 'Try again later, or send fewer photos at once.',
  },
} as const satisfies Record<string, CatalogueEntry>;
