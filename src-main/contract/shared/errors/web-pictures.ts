/** Photos fetched from web addresses. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const webPictureErrors = {
  ADDRESS_INVALID: {
    message: '"{address}" is not a web address ({reason}).',
    remedy: 'Copy the address of the picture from the browser; it begins with http:// or https://.',
  },
  ADDRESS_PRIVATE: {
    message: '{host} is this machine or in a private network; Lenslet does not fetch from there.',
    remedy: 'Save the picture to a file and drop it here.',
  },
  ADDRESS_UNREACHABLE: {
    message: '{host} cannot be reached ({reason}).',
    remedy: 'Check the address and the connection, then try again.',
  },
  ADDRESS_REFUSED: {
    message: 'The server of {host} refused the request (status {status}).',
    remedy: 'Open the picture in the browser, save it to a file and drop it here.',
  },
  ADDRESS_WEB_PAGE: {
    message: 'The address is that of a web page, not of an image.',
    remedy: 'Open the image itself (right click, open image in a new tab) and copy the address of that tab.',
  },
  ADDRESS_NOT_A_PICTURE: {
    message: 'The download is not an image (found: {found}).',
    remedy: 'Use the address of a JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP or HEIC image.',
  },
  ADDRESS_TOO_LARGE: {
    message: 'The picture has {megabytes} MB or more; the limit is {limit} MB.',
    remedy: 'Download it with the browser, make it smaller and drop it here.',
  },
  ADDRESS_TOO_SLOW: {
    message: '{host} sent nothing for {seconds} seconds.',
    remedy: 'Try again later, or download it with the browser and drop it here.',
  },
  ADDRESS_TAKES_TOO_LONG: {
    message: 'The picture did not arrive within {minutes} minutes.',
    remedy: 'Try again later, or download it with the browser and drop it here.',
  },
  ADDRESS_TOTAL_TOO_LARGE: {
    message: 'The pictures of this request have more than {limit} MB together.',
    remedy: 'Fetch the rest with another request, or download them and drop them here.',
  },
  ADDRESS_TOTAL_TOO_SLOW: {
    message: 'The pictures of this request did not arrive within {minutes} minutes.',
    remedy: 'Fetch the rest with another request, or download them and drop them here.',
  },
  ADDRESS_REDIRECTED: {
    message: 'Too many redirects ({redirects}).',
    remedy: 'Open it in the browser and copy the address that the browser ends up at.',
  },
} as const satisfies Record<string, CatalogueEntry>;
