import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Works from any folder of any static host.
  base: './',
  resolve: { alias: { quern: fileURLToPath(new URL('../dist/index.js', import.meta.url)) } },
  build: {
    outDir: fileURLToPath(new URL('../dist-page', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
  },
});
