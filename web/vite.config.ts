/** How the UI is built and served while developing: `RAPPORT_OUT` names the output folder, `RAPPORT_SERVER` the server behind the dev proxy. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.RAPPORT_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
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
            {
              name: "shared",
              test: /node_modules[\\/]/,
              minShareCount: 2,
              entriesAware: true,
              entriesAwareMergeThreshold: 30_000,
              minSize: 10_000,
              priority: 1,
            },
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
