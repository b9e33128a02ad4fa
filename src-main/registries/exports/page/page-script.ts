import { confidenceScript } from '../confidence-script.ts';

/** The programs of an export for browsers. They hold no names of files but those of the export, and fetch nothing else. */

/** `app.js`: loads the model, and predicts photos and what the camera sees. */
export const pageScript = String.raw`'use strict';
const find = (id) => document.getElementById(id);
const [stage, video, photo, hint, doubt, answer, state, report] =
  ['stage', 'video', 'photo', 'hint', 'doubt', 'answer', 'state', 'report'].map(find);
const shown = 5;
let model = null, labels = [], about = null, stream = null;
/** When "I don't know" is the better answer. */
const limits = { confidence: null, reference: null };
const reasons = {
  distance: 'I don’t know: it is unlike the photos that the model learnt from.',
  probability: 'I don’t know: no class is likely enough.',
};
${confidenceScript}
/** How much each pixel of a line counts for each of the fewer (or more) pixels that it becomes: a triangle filter. */
function lineWeights(from, to) {
  const ratio = from / to, reach = Math.max(1, ratio);
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * ratio;
    const first = Math.max(0, Math.floor(centre - reach)), end = Math.min(from, Math.ceil(centre + reach));
    const weights = [];
    let sum = 0;
    for (let at = first; at < end; at++) {
      const weight = Math.max(0, 1 - Math.abs(at + 0.5 - centre) / reach);
      weights.push(weight);
      sum += weight;
    }
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** The pixels of an image squashed to the model's size, red, green and blue (or grey) in turn, 0 to 255. */
function squash({ width, height, data }, size, channels) {
  const columns = lineWeights(width, size), rows = lineWeights(height, size);
  const narrow = new Float32Array(height * size * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < size; x++) {
      const { first, weights } = columns[x];
      let red = 0, green = 0, blue = 0;
      for (let i = 0, at = (y * width + first) * 4; i < weights.length; i++, at += 4) {
        red += data[at] * weights[i];
        green += data[at + 1] * weights[i];
        blue += data[at + 2] * weights[i];
      }
      narrow.set([red, green, blue], (y * size + x) * 3);
    }
  const pixels = new Int32Array(size * size * channels);
  for (let y = 0; y < size; y++) {
    const { first, weights } = rows[y];
    for (let x = 0; x < size; x++) {
      const sums = [0, 0, 0];
      for (let i = 0; i < weights.length; i++) {
        const at = ((first + i) * size + x) * 3;
        for (let c = 0; c < 3; c++) sums[c] += narrow[at + c] * weights[i];
      }
      const to = (y * size + x) * channels;
      if (channels === 3) for (let c = 0; c < 3; c++) pixels[to + c] = Math.round(sums[c]);
      else pixels[to] = Math.round(0.2126 * sums[0] + 0.7152 * sums[1] + 0.0722 * sums[2]);
    }
  }
  return pixels;
}

const canvas = document.createElement('canvas');
const context = canvas.getContext('2d', { willReadFrequently: true });

/** The pixels of a picture, a bitmap or a video. What is transparent is black, as in the app. */
function pixelsOf(source, width, height) {
  canvas.width = width;
  canvas.height = height;
  context.fillStyle = '#000';
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** What the model says of what is seen. */
async function predict(source, width, height) {
  const { imageSize, channels } = about;
  const pixels = squash(pixelsOf(source, width, height), imageSize, channels);
  const wanted = ['probabilities_of_classes', ...(limits.reference ? ['features_of_photo'] : [])];
  const outputs = tf.tidy(() => [
    model.execute({ image: tf.tensor(pixels, [1, imageSize, imageSize, channels], 'int32') }, wanted),
  ].flat());
  const [scores, features] = await Promise.all(outputs.map((output) => output.data()));
  tf.dispose(outputs);
  return { scores, ...doubtOf(limits, scores, features) };
}

function show({ scores, why }) {
  doubt.hidden = why === null;
  doubt.textContent = why === null ? '' : reasons[why];
  const order = Array.from(scores, (score, place) => ({ score, label: labels[place] }))
    .sort((a, b) => b.score - a.score)
    .slice(0, shown);
  answer.replaceChildren(...order.map(({ score, label }) => {
    const [line, name, number, bar] = ['li', 'span', 'span', 'meter'].map((tag) => document.createElement(tag));
    name.textContent = label;
    number.textContent = (100 * score).toFixed(1) + '%';
    bar.max = 1;
    bar.value = score;
    bar.title = label;
    line.append(name, number, bar);
    return line;
  }));
}

function clear() {
  answer.replaceChildren();
  doubt.hidden = true;
  doubt.textContent = '';
}

function fill(element) {
  for (const one of [video, photo, hint]) one.hidden = one !== element;
  stage.classList.add('filled');
}

function stopCamera() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  find('camera').textContent = 'Use the camera';
}

async function showPhoto(file) {
  stopCamera();
  clear();
  try {
    // Photos that were taken sideways are turned upright by this.
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const before = photo.src;
    photo.src = URL.createObjectURL(file);
    if (before) URL.revokeObjectURL(before);
    photo.alt = file.name || 'The photo';
    fill(photo);
    show(await predict(bitmap, bitmap.width, bitmap.height));
    bitmap.close();
    state.textContent = '';
  } catch (error) {
    state.textContent = 'This file is no photo that this browser can read.';
  }
}

async function useCamera() {
  if (stream !== null) return stopCamera();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch (error) {
    state.textContent = window.isSecureContext
      ? 'The camera cannot be used: allow it in the browser, and see that no other program has it.'
      : 'Browsers give the camera to pages from https:// and from this computer only.';
    return;
  }
  const own = stream;
  video.srcObject = own;
  await video.play();
  fill(video);
  find('camera').textContent = 'Stop the camera';
  state.textContent = '';
  let frames = 0, since = performance.now();
  while (stream === own) {
    show(await predict(video, video.videoWidth, video.videoHeight));
    frames++;
    const passed = performance.now() - since;
    if (passed > 1000) {
      state.textContent = (1000 * frames / passed).toFixed(1) + ' pictures a second';
      frames = 0;
      since = performance.now();
    }
    await tf.nextFrame();
  }
}

/** Compares the golden photos with what the app said of them. */
async function check() {
  report.hidden = false;
  report.textContent = '';
  const say = (line) => (report.textContent += line + '\n');
  const expected = await (await fetch('golden/expected.json')).json();
  // Phones whose graphics have short numbers alone cannot agree as exactly.
  const exact = tf.getBackend() !== 'webgl' || tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');
  const tolerance = exact ? about.tolerance : 0.02;
  say('Computed by ' + tf.getBackend() + (exact ? '' : ' in half precision'));
  let largest = 0;
  for (const { image, probabilities, distance } of expected) {
    const file = await (await fetch('golden/' + encodeURIComponent(image))).blob();
    const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
    const found = await predict(bitmap, bitmap.width, bitmap.height);
    const difference = Math.max(...labels.map((label, place) => Math.abs(found.scores[place] - probabilities[label])));
    largest = Math.max(largest, difference);
    const moved = found.distance === null ? 0 : Math.abs(found.distance - distance);
    const agrees = difference <= tolerance && moved <= (exact ? about.distanceTolerance : 0.02);
    say(image + ': difference ' + difference.toExponential(1) +
      (agrees ? '' : ', more than ' + tolerance + ': DOES NOT AGREE'));
    if (!agrees) return;
  }
  say('All ' + expected.length + ' agree; the largest difference is ' + largest.toExponential(1) + '.');
}

function listen() {
  find('file').addEventListener('change', ({ target }) => target.files[0] && showPhoto(target.files[0]));
  find('camera').addEventListener('click', useCamera);
  addEventListener('dragover', (event) => { event.preventDefault(); stage.classList.add('over'); });
  addEventListener('dragleave', () => stage.classList.remove('over'));
  addEventListener('drop', (event) => {
    event.preventDefault();
    stage.classList.remove('over');
    if (event.dataTransfer.files[0]) showPhoto(event.dataTransfer.files[0]);
  });
  addEventListener('paste', ({ clipboardData }) => clipboardData.files[0] && showPhoto(clipboardData.files[0]));
  addEventListener('hashchange', () => location.hash === '#check' && check());
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    const button = find('install');
    button.hidden = false;
    button.onclick = () => event.prompt();
  });
}

async function start() {
  const texts = ['labels.txt', 'export.json', 'confidence.json'].map(async (name) => (await fetch(name)).text());
  const [names, record, confidence] = await Promise.all(texts);
  labels = names.replace(/\n$/, '').split('\n');
  about = JSON.parse(record);
  limits.confidence = JSON.parse(confidence);
  const file = limits.confidence?.reference;
  if (file) limits.reference = numbersOf(await (await fetch(file)).arrayBuffer());
  model = await tf.loadGraphModel('model.json');
  const { imageSize, channels } = about;
  // The first pass makes the programs of the graphics card: better now than at the first photo.
  const warm = model.execute({ image: tf.zeros([1, imageSize, imageSize, channels], 'int32') },
    'probabilities_of_classes');
  await warm.data();
  warm.dispose();
  state.textContent = '';
  listen();
  if (location.hash === '#check') await check();
}

start().catch(() => {
  state.textContent = location.protocol === 'file:'
    ? 'Browsers load this from a web server only: README.md says how.'
    : 'The model could not be loaded. Load this page again.';
});
if ('serviceWorker' in navigator) navigator.serviceWorker.register('service-worker.js').catch(() => undefined);
`;

/** `service-worker.js`: keeps all files, so that the page works without a network. */
export function serviceWorker(version: string, files: readonly string[]): string {
  return String.raw`'use strict';
const cacheName = ${JSON.stringify(`lenslet-${version}`)};
const files = ${JSON.stringify(files)};

addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(files)).then(() => skipWaiting()));
});
addEventListener('activate', (event) => {
  const old = (names) => names.filter((name) => name.startsWith('lenslet-') && name !== cacheName);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => clients.claim()),
  );
});
addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET') return;
  const kept = caches.open(cacheName).then((cache) => cache.match(event.request, { ignoreSearch: true }));
  event.respondWith(kept.then((found) => found ?? fetch(event.request)));
});
`;
}
