/**
 * All modules in one file, and the code that V8 made of it (`scripts/bundle.mjs`): to read and compile each of them takes
 * longer than to generate the C.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

/** Bundles that the build makes: the program, and the thread that works ahead of it. */
export type BundleName = "program" | "thread";

/** What a bundle exports. */
export interface Program {
  readonly run: () => void | Promise<void>;
}

/** What the bundle's text is: the body of a module. `distribution` is the URL of the compiled code, which it was made of. */
type Body = (module: { exports: object }, require: NodeJS.Require, distribution: string) => void;

/**
 * @param folder of the bundle, with a slash at its end
 * @returns undefined where there is none. V8 of another version ignores the code and compiles the text.
 */
export function loadBundle(folder: URL, name: BundleName): Program | undefined {
  const file = new URL(`${name}.js`, folder);
  const code = new URL(`${name}.code`, folder);
  if (!existsSync(file)) return undefined;
  const script = new Script(readFileSync(file, "latin1"), {
    filename: fileURLToPath(file),
    ...(existsSync(code) ? { cachedData: readFileSync(code) } : {}),
  });
  return execute(script, folder);
}

/** Of a script that `loadBundle`, or who makes the code, has compiled. */
export function execute(script: Script, folder: URL): Program {
  const module: { exports: Partial<Program> } = { exports: {} };
  const body = script.runInThisContext() as Body;
  const main = new URL("../cli/main.js", folder);
  body(module, createRequire(main), new URL("../", folder).href);
  const { run } = module.exports;
  if (run === undefined) throw new Error(`${folder.href} exports no program`);
  return { run };
}
