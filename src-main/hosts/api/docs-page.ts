/** The page at `/docs`: what can be asked, and a form to try it with. It loads nothing from elsewhere. */
import { createHash } from 'node:crypto';

const script = String.raw`
const find = (id) => document.getElementById(id);
const shown = find('answer');
const headers = () => (find('token').value ? { authorization: 'Bearer ' + find('token').value } : {});
async function ask(path, options = {}) {
  shown.textContent = 'Asking…';
  try {
    const response = await fetch(path, { ...options, headers: headers() });
    const text = await response.text();
    const json = (response.headers.get('content-type') || '').includes('json');
    shown.textContent = response.status + '\n' + (json ? JSON.stringify(JSON.parse(text), null, 2) : text);
  } catch (error) {
    shown.textContent = 'The server does not answer.';
  }
}
find('predict').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData();
  for (const file of find('image').files) form.append('image', file);
  ask('/v1/predict?top=' + find('top').value, { method: 'POST', body: form });
});
fetch('/openapi.json').then((response) => response.json()).then(({ paths }) => {
  for (const [path, methods] of Object.entries(paths))
    for (const [method, { summary }] of Object.entries(methods)) {
      const line = document.createElement('li');
      const name = document.createElement('code');
      name.textContent = method.toUpperCase() + ' ' + path;
      line.append(name, ' ' + summary);
      if (method === 'get') {
        const button = document.createElement('button');
        button.textContent = 'Ask';
        button.addEventListener('click', () => ask(path));
        line.append(' ', button);
      }
      find('paths').append(line);
    }
});
`;

const style = `body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
label { display: block; margin: .5rem 0 } input { font: inherit } button { font: inherit; padding: .25rem .75rem }
pre { overflow: auto; padding: 1rem; border: 1px solid #8886; border-radius: .5rem; min-height: 3rem } li { margin: .25rem 0 }`;

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What the page may load: itself. */
export const docsPolicy = `default-src 'none'; connect-src 'self'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The page. */
export const docsPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lenslet predictions</title>
<style>${style}</style>
<h1>Lenslet predictions</h1>
<p>The whole description is <a href="/openapi.json">an OpenAPI document</a>, from which clients can be generated.</p>
<label>Token <input id="token" type="password" autocomplete="off" size="48"></label>
<h2>Predict photos</h2>
<form id="predict">
<label>Photos <input id="image" type="file" accept="image/*" multiple required></label>
<label>Classes to name <input id="top" type="number" min="1" max="1000" value="5"></label>
<button>Predict</button>
</form>
<h2>All that can be asked</h2>
<ul id="paths"></ul>
<h2>The answer</h2>
<pre id="answer" role="status"></pre>
<script>${script}</script>
</html>
`;
