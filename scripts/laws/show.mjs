/** Writes the table of folders into ARCHITECTURE.md, between its two marks: `node scripts/laws/show.mjs`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shown } from './folders.mjs';

const file = join(import.meta.dirname, '..', '..', 'ARCHITECTURE.md');
const text = readFileSync(file, 'utf8');
writeFileSync(file, text.replace(/(<!-- folders -->\n)[\s\S]*?(<!-- \/folders -->)/, `$1\n${shown()}\n\n$2`));
