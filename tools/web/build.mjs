// Builds the cockpit's small plotly.js bundle and its web font, and lays the tests' accessibility checker beside
// them: node build.mjs FOLDER
import { build } from 'esbuild';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2];
const fontPackage = join(here, 'node_modules/@fontsource-variable/noto-sans-sc');
const bundle = join(target, 'plotly.min.js');
const fonts = join(target, 'fonts');

await mkdir(fonts, { recursive: true });
await build({
  entryPoints: [join(here, 'plotly.cjs')],
  outfile: bundle,
  bundle: true,
  format: 'iife',
  globalName: 'Plotly',
  minify: true,
  target: 'es2016',
  define: { global: 'window', 'define.amd': 'false' },
  loader: { '.css': 'empty' },
  legalComments: 'none',
  logLevel: 'warning',
});
const script = await readFile(bundle);
await writeFile(`${bundle}.br`, brotliCompressSync(script));

// The font's style sheet beside its files, so that its addresses stay local.
const sheet = await readFile(join(fontPackage, 'index.css'), 'utf8');
await writeFile(join(fonts, 'noto-sans-sc.css'), sheet.replaceAll('url(./files/', 'url(./'));
await cp(join(fontPackage, 'files'), fonts, { recursive: true });
await cp(join(here, 'node_modules/axe-core/axe.min.js'), join(target, 'axe.min.js'));
