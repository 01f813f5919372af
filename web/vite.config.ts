import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const server = process.env.PICTURELOCK_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte()],
  // Vitest would otherwise pick the server build of Svelte, in which runes do nothing.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  build: {
    outDir: 'dist',
    target: 'es2022',
    // The content security policy allows no data: URLs, so everything stays a hashed file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
  server: { proxy: { '/api': { target: server }, '/health': { target: server } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
