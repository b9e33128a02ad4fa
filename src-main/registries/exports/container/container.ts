import type { ExportFormat } from '../../../engine/exports/export-format.ts';
import { node } from '../node.ts';
import lock from './container-lock.json' with { type: 'json' };
import { serverScript } from './server-script.ts';

const manifest = { private: true, type: 'module', ...lock.packages[''] };
const text = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const dockerfile = `# docker build -t my-model .
# docker run -p 8080:8080 -e LENSLET_TOKEN=secret my-model
FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY . .
USER node
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.mjs"]
`;

/** A folder from which a container is built that answers over HTTP. */
export const container: ExportFormat = {
  ...node,
  id: 'container',
  label: 'HTTP server in a container',
  purpose:
    'For servers: a folder with a Dockerfile, and a server that answers over HTTP as lenslet serve does.',
  texts: (outgoing) => ({
    ...node.texts(outgoing),
    'package.json': text(manifest),
    'package-lock.json': text(lock),
    'server.mjs': serverScript,
    Dockerfile: dockerfile,
    '.dockerignore': 'golden\ncheck.mjs\nnode_modules\nREADME.md\n',
  }),
  usage: () => `## How to use it

\`\`\`sh
docker build -t my-model .
docker run -p 8080:8080 -e LENSLET_TOKEN=secret my-model
curl -H "Authorization: Bearer secret" -F image=@photo.jpg "http://localhost:8080/v1/predict?top=3"
\`\`\`

The image installs ONNX Runtime and sharp as \`package-lock.json\` pins them; nothing is compiled. Without a container:

\`\`\`sh
npm ci
LENSLET_TOKEN=secret PORT=8080 node server.mjs
node check.mjs                  # compares the golden photos
\`\`\`

\`POST /v1/predict\` takes the form field \`image\`, once or several times, or a photo as the whole body. \`GET /v1/model\`,
\`/health\` and \`/metrics\` are there too. A request may have 32 MB and 64 photos; 503 with \`Retry-After\` says that too many
wait. It speaks HTTP without encryption: put a proxy before it.
`,
};
