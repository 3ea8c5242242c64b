import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Every folder that has a page of its own is an audience's entry. */
const entries = readdirSync(here('.')).filter((name) => existsSync(here(`${name}/index.html`)));

/** One build, one entry per audience. `npm run demo` and `npm start` serve what it makes. */
export default defineConfig({
  root: here('.'),
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: here('../dist/ui'),
    emptyOutDir: true,
    target: 'es2022',
    // MapLibre alone is 1 MB before compression; each audience loads only what it needs.
    chunkSizeWarningLimit: 1200,
    rollupOptions: { input: Object.fromEntries(entries.map((name) => [name, here(`${name}/index.html`)])) },
  },
});
