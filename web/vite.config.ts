import { defineConfig } from 'vite';

// In development the page comes from Vite and everything else from a running mqt-server.
const server = process.env.MQT_SERVER ?? 'http://127.0.0.1:8080';
const doors = ['/tiles', '/heat', '/styles', '/ogc', '/stats', '/areas', '/search', '/live', '/healthz', '/readyz'];

export default defineConfig({
  build: { target: 'es2022', outDir: 'dist', emptyOutDir: true, chunkSizeWarningLimit: 1600 },
  worker: { format: 'es' },
  server: { proxy: Object.fromEntries(doors.map((door) => [door, { target: server }])) },
});
