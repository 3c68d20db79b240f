import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const WORKER = 'service-worker.js';

/**
 * Tells the service worker which files the build has made, and a digest of them: another build is another worker, so
 * that browsers update.
 */
function keepPage() {
  return {
    name: 'quern-keep-page',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const files = Object.keys(bundle)
          .filter((name) => name !== WORKER && !name.endsWith('.map'))
          .sort();
        const digest = createHash('sha256');
        for (const name of files) {
          digest
            .update(name)
            .update('\0')
            .update(bundle[name].type === 'chunk' ? bundle[name].code : bundle[name].source);
        }
        const worker = bundle[WORKER];
        worker.code =
          `const PAGE_FILES = ${JSON.stringify(files)};\n` +
          `const PAGE_VERSION = ${JSON.stringify(digest.digest('hex').slice(0, 16))};\n` +
          worker.code;
      },
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Works from any folder of any static host.
  base: './',
  resolve: { alias: { quern: fileURLToPath(new URL('../dist/index.js', import.meta.url)) } },
  worker: { format: 'es' },
  plugins: [keepPage()],
  build: {
    outDir: fileURLToPath(new URL('../dist-page', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    rollupOptions: {
      input: {
        index: fileURLToPath(new URL('index.html', import.meta.url)),
        'service-worker': fileURLToPath(new URL('service-worker/service-worker.ts', import.meta.url)),
      },
      output: {
        // Its name must not change: it is what browsers look for.
        entryFileNames: ({ name }) => (name === 'service-worker' ? WORKER : 'assets/[name]-[hash].js'),
      },
    },
  },
});
