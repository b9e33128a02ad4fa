/** The page of an export for browsers. */
import type { OutgoingModel } from '../../../engine/exports/export-format.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => entities[letter]);
}

/** `index.html`. */
export function pageHtml({ about, classes }: OutgoingModel): string {
  const name = escaped(about.name);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#4f46e5">
<title>${name}</title>
<link rel="manifest" href="manifest.webmanifest">
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="style.css">
</head>
<body>
<main>
<header>
<h1>${name}</h1>
<p>Tells ${classes.length} classes apart. Photos stay on this device.</p>
</header>
<section id="stage" aria-label="Photo">
<video id="video" playsinline muted hidden></video>
<img id="photo" alt="" hidden>
<p id="hint">Drop a photo here, paste one, or use the buttons below.</p>
</section>
<p class="buttons">
<label class="button"><input id="file" type="file" accept="image/*"><span>Choose a photo</span></label>
<button id="camera" type="button">Use the camera</button>
<button id="install" type="button" hidden>Install</button>
</p>
<p id="doubt" role="status" hidden></p>
<ol id="answer" aria-live="polite" aria-label="What it is"></ol>
<p id="state" role="status">Loading the model…</p>
<pre id="report" hidden></pre>
<footer>
<p>Made with ${escaped(about.lenslet)}. <a href="#check" id="check">Check it on the golden photos</a></p>
</footer>
</main>
<script src="tf.min.js"></script>
<script src="app.js"></script>
</body>
</html>
`;
}

/** `manifest.webmanifest`: with it and the service worker a browser offers to install the page. */
export function pageManifest({ about }: OutgoingModel): string {
  const icon = { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' };
  const manifest = {
    name: about.name,
    short_name: about.name.slice(0, 12),
    start_url: './index.html',
    scope: './',
    display: 'standalone',
    background_color: '#ffffff',
    theme_color: '#4f46e5',
    icons: [
      { ...icon, purpose: 'any' },
      { ...icon, purpose: 'maskable' },
    ],
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** `style.css`. */
export const pageStyle = `:root { --line: #d4d4d8; --muted: #52525b; --accent: #4f46e5; --on-accent: #fff; --ground: #fff; --text: #18181b; --soft: #f4f4f5 }
@media (prefers-color-scheme: dark) { :root { --line: #3f3f46; --muted: #a1a1aa; --accent: #a5b4fc; --on-accent: #1e1b4b; --ground: #18181b; --text: #fafafa; --soft: #27272a } }
* { box-sizing: border-box }
[hidden] { display: none !important }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground) }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1rem }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 }
header p, footer, #hint, #state { color: var(--muted) }
header p { margin: .25rem 0 1rem }
#stage { display: grid; place-items: center; min-height: 16rem; border: 2px dashed var(--line); border-radius: .75rem; background: var(--soft); overflow: hidden; text-align: center }
#stage.over { border-color: var(--accent) }
#stage.filled { border-style: solid }
#stage img, #stage video { display: block; max-width: 100%; max-height: 60vh }
#hint { padding: 1rem }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0 }
button, .button { font: inherit; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--ground); color: var(--text); cursor: pointer }
.button { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
.button input { position: absolute; width: 1px; height: 1px; opacity: 0 }
:focus-visible, .button:focus-within { outline: 2px solid var(--accent); outline-offset: 2px }
#answer { list-style: none; margin: 0; padding: 0 }
#answer li { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .25rem 0 }
#answer li:first-child { font-weight: 600; font-size: 1.25rem }
#doubt { font-weight: 600; font-size: 1.25rem; margin-block: .5rem }
#doubt:not([hidden]) + #answer li { font-weight: 400; font-size: 1rem; opacity: .75 }
#answer span { overflow-wrap: anywhere }
#answer meter { grid-column: 1 / -1; width: 100%; height: .5rem }
a { color: var(--accent) }
pre { overflow: auto; padding: 1rem; background: var(--soft); border-radius: .5rem }
`;

/** `icon.svg`. */
export const pageIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#4f46e5"/><circle cx="32" cy="32" r="15" fill="none" stroke="#fff" stroke-width="5"/><circle cx="32" cy="32" r="5" fill="#fff"/></svg>
`;
