/** Pictures from the web, fetched by the services when the user asks for it and never otherwise. */
import { z } from 'zod';
import { errorDataSchema } from './vocabulary.ts';

/** Addresses in one request. */
export const maxAddresses = 200;
/** The largest picture that is fetched. */
export const maxFetchedMegabytes = 64;
/** All pictures of one request. */
export const maxFetchedMegabytesTogether = 1024;

/** One address on its way. */
export const addressStateSchema = z.object({
  address: z.string(),
  status: z.enum(['waiting', 'fetching', 'fetched', 'failed']),
  /** Received so far. */
  bytes: z.number().int(),
  /** As the server says; null when it does not. */
  total: z.number().int().nullable(),
  error: errorDataSchema.nullable(),
});
export type AddressState = z.infer<typeof addressStateSchema>;

export const fetchEventSchema = z.discriminatedUnion('type', [
  /** The whole state of the address at this place. */
  z.object({ type: z.literal('address'), place: z.number().int(), state: addressStateSchema }),
  /** All were tried. `upload` is ready for `startImport`; null when nothing came. */
  z.object({ type: z.literal('done'), upload: z.string().nullable(), fetched: z.number().int() }),
]);
export type FetchEvent = z.infer<typeof fetchEventSchema>;

const webAddress = /^https?:\/\//i;

/**
 * The web addresses in a text that was typed or pasted: one per line or word, each once, in order.
 * @returns the addresses as they would be asked for, and the words that are none
 */
export function findAddresses(text: string): { addresses: string[]; others: string[] } {
  const addresses = new Set<string>();
  const others: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const url = webAddress.test(word) ? URL.parse(word) : null;
    if (url === null || url.hostname === '') others.push(word);
    else {
      url.hash = '';
      addresses.add(url.href);
    }
  }
  return { addresses: [...addresses], others };
}
