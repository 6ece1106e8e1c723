// Bundles what runs in the pages of reports, script and style, into two files. Called by build.mjs with the folder of the
// compiled code.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [, , compiled] = process.argv;
if (compiled === undefined) throw new Error("the folder of the compiled code is missing");

const folder = join(compiled, "page");
const chart = join(root, "node_modules", "uplot");
mkdirSync(folder, { recursive: true });

const options = {
  bundle: true,
  minify: true,
  platform: "browser",
  // Browsers of 2023 and later: older ones cannot unpack the data.
  target: ["chrome103", "firefox113", "safari16.4"],
  charset: "utf8",
  logLevel: "error",
};
const licence = readFileSync(join(chart, "LICENSE"), "utf8").trim();
await build({
  ...options,
  entryPoints: [join(root, "page", "main.ts")],
  outfile: join(folder, "page.js"),
  format: "iife",
  legalComments: "none",
  // The chart library is handed on with every page.
  banner: { js: `/* uPlot\n${licence}\n*/` },
});
await build({
  ...options,
  stdin: {
    contents: `@import "uplot/dist/uPlot.min.css";\n@import "./page.css";`,
    resolveDir: join(root, "page"),
    loader: "css",
  },
  outfile: join(folder, "page.css"),
});
writeFileSync(join(folder, "licences.txt"), `uplot\n\n${licence}\n`);
