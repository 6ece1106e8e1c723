// Bundles the compiled program into one file, and keeps the code that V8 makes of it: a run then reads two files in
// place of some hundreds, and compiles nothing. Called by build.mjs with the folder of the compiled code; who imports the
// library uses the modules as they are.
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { build, transform } from "esbuild";
import Handlebars from "handlebars";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [, , given] = process.argv;
if (given === undefined) throw new Error("the folder of the compiled code is missing");
const compiled = realpathSync(given);
const folder = join(compiled, "bundle");
const fileOf = (name) => join(folder, `${name}.js`);
/** What each bundle exports, by the bundle's name in `src/bundle.ts`. */
const entries = { program: join("cli", "run.js"), thread: join("ahead", "thread.js") };

/** A path in node_modules: the package, and the file in it. */
const inPackage = /^.*[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)[/\\](.*)$/;
const slashes = (path) => path.split(sep).join("/");

/** The URL of a module as it would be outside of the bundle: what it reads or runs is found from there. */
function urlOf(path) {
  if (path.startsWith(compiled)) {
    return `new URL(${JSON.stringify(slashes(relative(compiled, path)))}, distribution).href`;
  }
  const [, name, rest] = inPackage.exec(path);
  return `urlInPackage(${JSON.stringify(slashes(name))}, ${JSON.stringify(slashes(rest))})`;
}

/** Parameters as `src/bundle.ts` gives them. */
const head = `(function (module, require, distribution) {
const urlInPackage = (name, path) => {
  const entry = require("node:url").pathToFileURL(require.resolve(name)).href;
  const folder = "/node_modules/" + name + "/";
  return entry.slice(0, entry.lastIndexOf(folder) + folder.length) + path;
};`;

const ownUrls = {
  name: "own URLs",
  setup({ onLoad }) {
    onLoad({ filter: /\.m?js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      return text.includes("import.meta.url")
        ? { contents: text.replaceAll("import.meta.url", urlOf(path)) }
        : undefined;
    });
  },
};

/** Templates are compiled now: to read some hundred files takes longer than to fill in those that are used. */
const templates = {
  name: "compiled templates",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]csource[/\\]compiled-templates\.js$/ }, async () => {
      const options = await import(pathToFileURL(join(compiled, "csource", "compile-options.js")).href);
      const folder = join(root, "templates");
      const entries = readdirSync(folder, { recursive: true })
        .filter((name) => name.endsWith(".hbs"))
        .sort()
        .map((name) => {
          const program = Handlebars.precompile(
            readFileSync(join(folder, name), "utf8"),
            options.compileOptions,
          );
          return `${JSON.stringify(options.templateName(name))}: ${program}`;
        });
      const text = `export const compiledTemplates = {\n${entries.join(",\n")}\n};`;
      return { contents: (await transform(text, { minify: true })).code };
    });
  },
};

/** @returns the files in it that are not ours */
async function bundle(name) {
  const { metafile } = await build({
    entryPoints: [join(compiled, entries[name])],
    outfile: fileOf(name),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // Not the UMD builds: those find their own parts at run time.
    mainFields: ["module", "main"],
    // Native code, and what a built package does not use.
    external: ["koffi", "./split-decoder.js"],
    banner: { js: head },
    footer: { js: "})" },
    plugins: [ownUrls, templates],
    metafile: true,
    logLevel: "error",
  });
  return Object.keys(metafile.inputs).filter((path) => !join(root, path).startsWith(compiled));
}

/** The packages that are in the bundle keep their licences. */
function licences(inputs) {
  const folders = new Map(
    inputs.flatMap((path) => {
      const [whole, name, rest] = inPackage.exec(join(root, path)) ?? [];
      return name === undefined ? [] : [[slashes(name), whole.slice(0, whole.length - rest.length)]];
    }),
  );
  return [...folders]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, packageFolder]) => {
      const licence = readdirSync(packageFolder).find((entry) => /^licen[cs]e/i.test(entry));
      if (licence === undefined) throw new Error(`${name} has no licence that could be handed on`);
      return `${name}\n\n${readFileSync(join(packageFolder, licence), "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

const { execute } = await import(pathToFileURL(join(compiled, "bundle.js")).href);
const { tuneForShortRuns } = await import(pathToFileURL(join(compiled, "cli", "short-runs.js")).href);
// V8 takes code for its own that was made with the same flags.
tuneForShortRuns();

/** The code of what has run when `use` is done with what the bundle exports. */
async function code(name, use) {
  const script = new Script(readFileSync(fileOf(name), "latin1"), { filename: fileOf(name) });
  await use(execute(script, pathToFileURL(`${folder}${sep}`)));
  return script.createCachedData();
}

/** It needs no tools, and goes through most of what every command does. */
async function generate({ run }) {
  const out = mkdtempSync(join(tmpdir(), "alloc-gen-bundle-"));
  const words = ["generate", join(root, "examples", "quickstart"), "--out", out, "--quiet"];
  process.argv = [...process.argv.slice(0, 2), ...words];
  try {
    await run();
    if (process.exitCode !== 0) throw new Error("the bundle does not generate");
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, "licences.txt"),
  licences([...(await bundle("program")), ...(await bundle("thread"))]),
);
writeFileSync(join(folder, "program.code"), await code("program", generate));
// It runs in a thread alone.
writeFileSync(join(folder, "thread.code"), await code("thread", () => undefined));
