// Splits the decoders of heaps, which layout modules are made of, and puts each beside its compiled code: a run then
// needs no parser. Called by build.mjs with the folder of the compiled code.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const sources = join(dirname(dirname(fileURLToPath(import.meta.url))), "src");
const [, , compiled] = process.argv;
if (compiled === undefined) throw new Error("the folder of the compiled code is missing");
const splitter = pathToFileURL(join(compiled, "outputs", "layout-module", "split-decoder.js"));
const { splitDecoder } = await import(splitter.href);

const isDecoder = (name) =>
  /^(?:(?:layout|header)\/decode\/[^/]+|policies\/.+\/decode)(?<!\.test)\.ts$/.test(
    name.split(sep).join("/"),
  );

for (const name of readdirSync(sources, { recursive: true }).filter(isDecoder)) {
  const declarations = splitDecoder(readFileSync(join(sources, name), "utf8"));
  writeFileSync(join(compiled, name.replace(/\.ts$/, ".json")), JSON.stringify(declarations));
}
