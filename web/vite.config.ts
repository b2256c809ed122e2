/** How the UI is built and served while developing: `RAPPORT_OUT` names the output folder, `RAPPORT_SERVER` the server behind the dev proxy. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const server = process.env.RAPPORT_SERVER ?? "http://127.0.0.1:8080";

const compressed_min_bytes = 1024;

/** Writes a brotli and a gzip form beside every text file, so that the server never compresses. */
function compress(): Plugin {
  return {
    name: "compress",
    apply: "build",
    enforce: "post",
    writeBundle(options, bundle) {
      for (const name of Object.keys(bundle)) {
        const path = join(options.dir ?? "dist", name);
        const bytes = /\.(js|css|svg|json)$/.test(name) && !name.startsWith(".") ? readFileSync(path) : null;
        if (bytes && bytes.length >= compressed_min_bytes) {
          const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
          writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: quality }));
          writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        }
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), compress()],
  server: {
    port: 5173,
    proxy: { "/api": { target: server, changeOrigin: false } },
  },
  build: {
    target: "es2022",
    manifest: true,
    modulePreload: { polyfill: false },
    outDir: process.env.RAPPORT_OUT ?? "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: "react",
              tags: ["$initial"],
              test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/,
              priority: 3,
            },
            { name: "vendor", tags: ["$initial"], test: /node_modules[\\/]/, priority: 2 },
            // One chunk for what several pages share: split further, its parts would import one another in a ring.
            { name: "shared", test: /node_modules[\\/]/, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
  test: {
    environment: "happy-dom",
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
