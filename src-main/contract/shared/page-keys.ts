/** Names by which a page of the web host and its server pass on the keys of ADR 13. */

/** The header of requests that change something. */
export const keyHeader = 'lenslet-key';
/** The subprotocol of the page's WebSocket; its key is offered beside it, as `key.…`. */
export const socketProtocol = 'lenslet';
