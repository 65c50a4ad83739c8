// Builds static/vendor/codemirror.min.js: `npm install && node build.mjs` in this folder, with node 18 or later.
// style-mod writes <style> elements into a document, which our content security policy forbids, and constructed style
// sheets into a shadow root, which it allows. The one condition that tells them apart is taken out.

import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const FOR_SHADOW_ROOTS = "if (!root.head && root.adoptedStyleSheets";

const adoptedSheets = {
  name: "adopted-sheets",
  setup({ onLoad }) {
    onLoad({ filter: /style-mod\/src\/style-mod\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (!text.includes(FOR_SHADOW_ROOTS)) throw new Error("style-mod changed: look at its use of adoptedStyleSheets");
      return { contents: text.replace(FOR_SHADOW_ROOTS, "if (root.adoptedStyleSheets") };
    });
  },
};

const VENDOR = new URL("../../static/vendor/", import.meta.url);

await build({
  entryPoints: [new URL("editor.js", import.meta.url).pathname],
  outfile: new URL("codemirror.min.js", VENDOR).pathname,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  plugins: [adoptedSheets],
});

const { dependencies } = JSON.parse(await readFile(new URL("package.json", import.meta.url), "utf8"));
const names = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
const licence = await readFile(new URL("node_modules/@codemirror/view/LICENSE", import.meta.url), "utf8");
await writeFile(new URL("LICENSE-codemirror", VENDOR), `codemirror.min.js holds these packages, each under this licence:\n${names.join("\n")}\n\n${licence}`);
