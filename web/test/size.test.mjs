// What a page loads, in the size in which servers send it: what a bundler makes of the package, and the WebAssembly,
// each through gzip.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const KILOBYTE = 1000;
const ENGINE_LIMIT = 300 * KILOBYTE;
const WITH_COMPILER_LIMIT = 600 * KILOBYTE;

const zipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

test('the engine is 300 KB at most through gzip, and 600 KB with the compiler', async (context) => {
  const { output } = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(dist, 'index.js'), preserveEntrySignatures: 'strict' },
    },
  });
  // The engine as JavaScript is loaded in the place of the WebAssembly, where a browser cannot run that.
  const scripts = output.filter(({ fileName }) => fileName.endsWith('.js') && !fileName.includes('quern-engine'));
  const script = scripts.reduce((sum, { code, source }) => sum + zipped(code ?? source), 0);
  assert.ok(scripts.length > 0 && script > 5 * KILOBYTE, `the bundler made ${output.map(({ fileName }) => fileName)}`);
  const engine = zipped(readFileSync(join(dist, 'quern.wasm')));
  const compiler = zipped(readFileSync(join(dist, 'quern-compiler.wasm')));
  for (const [what, bytes] of [
    ['JavaScript, minified', script],
    ['engine', engine],
    ['compiler', compiler],
    ['JavaScript and engine', script + engine],
    ['all three', script + engine + compiler],
    ['engine as JavaScript', zipped(readFileSync(join(dist, 'quern-engine.js')))],
  ]) {
    context.diagnostic(`${(bytes / KILOBYTE).toFixed(1).padStart(7)} KB  ${what}`);
  }
  assert.ok(script + engine <= ENGINE_LIMIT, `JavaScript and engine have ${script + engine} bytes`);
  assert.ok(
    script + engine + compiler <= WITH_COMPILER_LIMIT,
    `with the compiler: ${script + engine + compiler} bytes`,
  );
});
