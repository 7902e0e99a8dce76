import { readFileSync, readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const iconFolder = resolve(here, "node_modules/bootstrap-icons/icons");
// Every script in this folder is an entry of its own: {% asset "app.js" %}.
const pageScripts = Object.fromEntries(
  readdirSync(here).filter((name) => name.endsWith(".js")).map((name) => [name.slice(0, -3), resolve(here, name)]),
);

/** One SVG file with a <symbol> for each name in icons.txt. */
function iconSprite() {
  return {
    name: "icon-sprite",
    generateBundle() {
      const names = readFileSync(resolve(here, "icons.txt"), "utf8").split(/\s+/).filter(Boolean);
      const symbols = names.map((name) => {
        const svg = readFileSync(resolve(iconFolder, `${name}.svg`), "utf8");
        const drawing = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
        return `<symbol id="${name}" viewBox="0 0 16 16">${drawing.replace(/\s*\n\s*/g, "")}</symbol>`;
      });
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "icons.svg", source });
    },
  };
}

export default defineConfig({
  root: here,
  base: "./",
  publicDir: false,
  resolve: { alias: { "@images": resolve(here, "images"), "@fonts": resolve(here, "node_modules/@fontsource-variable") } },
  plugins: [iconSprite()],
  css: {
    preprocessorOptions: {
      scss: {
        loadPaths: [resolve(here, "node_modules")],
        quietDeps: true,
        silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
      },
    },
  },
  build: {
    outDir: process.env.COMMONHALL_ASSETS_OUT ?? resolve(here, "../src/commonhall/ui/static/ui"),
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: "es2022",
    rolldownOptions: {
      input: {
        ...pageScripts,
        style: resolve(here, "styles/app.scss"),
        favicon: resolve(here, "images/favicon.svg"),
      },
    },
  },
});
