/** How the UI is built and served while developing: `RAPPORT_OUT` names the output folder, `RAPPORT_SERVER` the server behind the dev proxy. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin, Rolldown } from "vite";
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

type Chunk = Rolldown.OutputChunk;

/** What is needed to run a chunk beside what the start page names already: scripts and styles, each once. */
function filesOf(start: Chunk, chunks: Chunk[], known: Set<string>): Set<string> {
  const files = new Set<string>();
  const add = (chunk: Chunk | undefined) => {
    if (chunk && !files.has(chunk.fileName) && !known.has(chunk.fileName)) {
      files.add(chunk.fileName);
      for (const style of chunk.viteMetadata?.importedCss ?? []) {
        files.add(style);
      }
      for (const name of chunk.imports) {
        add(chunks.find((entry) => entry.fileName === name));
      }
    }
  };
  add(start);
  return files;
}

/** Writes `pages.txt`: each address of the route list with the files of its page, for the server to name in advance. */
function pageFiles(): Plugin {
  return {
    name: "page-files",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((entry) => entry.type === "chunk");
      const find = (what: string, test: (chunk: Chunk) => boolean) => {
        const found = chunks.find(test);
        return found ?? this.error(`the build has no ${what}`);
      };
      const known = filesOf(
        find("entry", (chunk) => chunk.isEntry),
        chunks,
        new Set(),
      );
      const routes = readFileSync("src/app/router.tsx", "utf8");
      const lines = [...routes.matchAll(/\b(open|inside)\("([^"]+)", \(\) => import\("\.\.\/([^"]+)"\)/g)].map(
        ([, kind, address, page]) => {
          const chunk = find(String(page), (entry) => entry.facadeModuleId?.endsWith(`/src/${page}.tsx`) ?? false);
          return [kind, address, ...filesOf(chunk, chunks, known)].join(" ");
        },
      );
      if (!lines.some((line) => line.startsWith("inside "))) {
        this.error("the route list of src/app/router.tsx could not be read");
      }
      this.emitFile({ type: "asset", fileName: "pages.txt", source: `${lines.join("\n")}\n` });
    },
  };
}

export default defineConfig({
  plugins: [react(), compress(), pageFiles()],
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
