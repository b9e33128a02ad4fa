/** Photos fetched from web addresses. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const webPictureErrors = {
  ADDRESS_INVALID: {
    message: '{address} is no web address ({reason}).',
    remedy: 'Copy the address of the picture from the browser; it begins with http:// or https://.',
  },
  ADDRESS_PRIVATE: {
    message: '{host} is this machine or in a private network, and is not asked.',
    remedy: 'Save the picture to a file and drop it here.',
  },
  ADDRESS_UNREACHABLE: {
    message: '{host} cannot be reached ({reason}).',
    remedy: 'Check the address and the connection, then try again.',
  },
  ADDRESS_REFUSED: {
    message: 'The server of {host} refused (status {status}).',
    remedy: 'Open the picture in the browser, save it to a file and drop it here.',
  },
  ADDRESS_WEB_PAGE: {
    message: 'That is a web page, not a picture.',
    remedy: "Open the picture itself (right click, open image in a new tab) and take that tab's address.",
  },
  ADDRESS_NOT_A_PICTURE: {
    message: 'What came is no picture ({found}).',
    remedy: 'Take the address of a JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP or HEIC picture.',
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
    message: 'The address leads on and on, {redirects} times.',
    remedy: 'Open it in the browser and take the address that is shown in the end.',
  },
} as const satisfies Record<string, CatalogueEntry>;
