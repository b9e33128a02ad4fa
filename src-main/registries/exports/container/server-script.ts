/** The server of an export in a container: Lenslet's prediction API in one file, on the module of the Node folder. */

/** The text of `server.mjs`. */
export const serverScript = String.raw`// Answers over HTTP as "lenslet serve --model" does: POST /v1/predict, GET /v1/model, /health and /metrics.
// PORT (8080), HOST (all addresses) and LENSLET_TOKEN, which clients send; one is drawn where none is given.
import { randomBytes, timingSafeEqual, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { labels, open } from './index.mjs';

const limits = { bytes: 32_000_000, photos: 64, requests: 64, memory: 256_000_000, upload: 60_000, closing: 10_000 };
const { PORT = '8080', HOST = '0.0.0.0', LENSLET_TOKEN } = process.env;
const token = LENSLET_TOKEN || randomBytes(24).toString('base64url');
const { about, imageSize, channels, preprocessing } = JSON.parse(readFileSync(new URL('export.json', import.meta.url), 'utf8'));
const model = await open();
const counts = { requests: 0, photos: 0, failures: 0 };
let underWay = 0, held = 0, stopping = false, last = Promise.resolve();

/** What goes wrong, as programs and people are told. */
class Failure extends Error {
  constructor(status, code, message, remedy) {
    super(message);
    Object.assign(this, { status, code, remedy });
  }
}
const busy = () => new Failure(503, 'API_BUSY', 'Too many photos wait for their answer.', 'Ask again in a second.');
const tooLarge = () => new Failure(413, 'API_TOO_LARGE',
  'A request may have ' + limits.bytes / 1e6 + ' MB and ' + limits.photos + ' photos.', 'Send fewer or smaller photos.');

const digest = (text) => createHash('sha256').update(text).digest();
function isAdmitted({ headers }) {
  const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

async function bodyOf(request) {
  if (Number(request.headers['content-length'] ?? 0) > limits.bytes) throw tooLarge();
  const parts = [];
  let length = 0;
  try {
    for await (const part of request.iterator({ destroyOnReturn: false })) {
      length += part.length;
      if (length > limits.bytes) throw tooLarge();
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(400, 'API_REQUEST_INVALID', 'The request broke off.', 'Send it again.');
  }
  return Buffer.concat(parts);
}

async function photosOf(request) {
  const type = request.headers['content-type'] ?? '';
  const isPhoto = /^(image\/|application\/octet-stream)/i.test(type);
  if (!isPhoto && !/^multipart\/form-data/i.test(type))
    throw new Failure(415, 'API_TYPE_WRONG', 'This type is not taken: ' + (type || 'none'), 'Send a form with the field image, or a photo.');
  const body = await bodyOf(request);
  let photos = body.length > 0 && isPhoto ? [{ name: 'image', bytes: body }] : [];
  if (!isPhoto) {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => {
      throw new Failure(400, 'API_REQUEST_INVALID', 'The form is cut off or damaged.', 'Send it again.');
    });
    const files = form.getAll('image').filter((file) => typeof file !== 'string');
    if (files.length > limits.photos) throw tooLarge();
    photos = await Promise.all(files.map(async (file) => ({ name: file.name, bytes: Buffer.from(await file.arrayBuffer()) })));
  }
  if (photos.length === 0) throw new Failure(400, 'API_NO_PHOTO', 'The request holds no photo.', 'Send files as the form field image.');
  return photos;
}

function topOf(url) {
  const text = url.searchParams.get('top') ?? '5';
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new Failure(400, 'API_REQUEST_INVALID', '"top" is no whole number from 1 to 9999.', 'Change the request.');
}

async function answerOf({ name, bytes }, top) {
  try {
    const { label, probability, unknown, probabilities } = await model.predict(bytes);
    const all = Object.entries(probabilities).map(([label, probability]) => ({ label, probability }));
    all.sort((a, b) => b.probability - a.probability);
    return { image: name, label, probability, unknown, top: all.slice(0, top), error: null };
  } catch (error) {
    const why = { code: 'IMAGE_UNREADABLE', message: 'The photo cannot be read: ' + error.message, remedy: 'Send a JPEG, PNG or WebP file.' };
    return { image: name, label: null, probability: null, unknown: false, top: [], error: why };
  }
}

async function predict(request, url) {
  const length = Math.min(limits.bytes, Number(request.headers['content-length'] ?? limits.bytes));
  if (stopping || underWay >= limits.requests || held + length > limits.memory) throw busy();
  const top = topOf(url);
  underWay++;
  held += length;
  try {
    const photos = await photosOf(request);
    // One photo after the other: ONNX Runtime uses all cores for each.
    const answers = last.then(async () => {
      const found = [];
      for (const photo of photos) if (!request.socket.destroyed) found.push(await answerOf(photo, top));
      return found;
    });
    last = answers.catch(() => undefined);
    const predictions = await answers;
    counts.photos += predictions.length;
    return { status: predictions.every(({ error }) => error) ? 422 : 200, body: { predictions } };
  } finally {
    underWay--;
    held -= length;
  }
}

async function answer(request) {
  const url = new URL(request.url, 'http://localhost');
  const asked = request.method + ' ' + url.pathname;
  if (asked === 'GET /health')
    return { status: stopping ? 503 : 200, body: { status: stopping ? 'stopping' : 'ready', waiting: underWay } };
  if (!isAdmitted(request))
    throw new Failure(401, 'API_TOKEN_WRONG', 'The token is missing or not valid.', 'Send it as "Authorization: Bearer TOKEN".');
  if (asked === 'POST /v1/predict') return predict(request, url);
  if (asked === 'GET /v1/model')
    return { status: 200, body: { name: about.name, classes: labels, imageSize, channels, preprocessing, lenslet: about.lenslet } };
  if (asked === 'GET /metrics')
    return { status: 200, text: Object.entries(counts).map(([name, value]) => '# TYPE lenslet_' + name + '_total counter\nlenslet_' + name + '_total ' + value + '\n').join('') };
  throw new Failure(404, 'API_NOT_FOUND', 'There is nothing at ' + url.pathname.slice(0, 200) + '.', 'Ask POST /v1/predict.');
}

const server = createServer({ requestTimeout: limits.upload, headersTimeout: 10_000 }, async (request, response) => {
  counts.requests++;
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cache-control', 'no-store');
  try {
    const { status, body, text } = await answer(request);
    response.writeHead(status, { 'content-type': body ? 'application/json' : 'text/plain; version=0.0.4' });
    response.end(text ?? JSON.stringify(body));
  } catch (thrown) {
    counts.failures++;
    const isKnown = thrown instanceof Failure;
    if (!isKnown) console.error(thrown);
    const { status, code, message, remedy } = isKnown ? thrown : new Failure(500, 'INTERNAL', 'The server failed.', 'See its log.');
    if (status === 503) response.setHeader('retry-after', '1');
    if (status === 401) response.setHeader('www-authenticate', 'Bearer');
    if (!request.complete) response.setHeader('connection', 'close');
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { code, message, remedy } }), () => request.complete || request.destroy());
  }
});
server.listen(Number(PORT), HOST, () => {
  const { port } = server.address();
  console.log('Answering on port ' + port + (LENSLET_TOKEN ? '' : ', token ' + token));
});
for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, () => {
    stopping = true;
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), limits.closing).unref();
  });
`;
