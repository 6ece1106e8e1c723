/** The rules of docs/architecture.md, held against every import. */
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Project, SyntaxKind, type SourceFile } from "ts-morph";
import { describe, expect, it } from "vitest";
import { policies } from "./policies/registry.js";

const sourceFolder = dirname(fileURLToPath(import.meta.url));

interface Source {
  /** Path from src/, without the ending: "cli/main". */
  readonly name: string;
  readonly file: SourceFile;
  /** Modules of the project as names; others ("node:fs", "zod") as they are written. */
  readonly imports: readonly string[];
}

const sources: readonly Source[] = new Project({ skipAddingFilesFromTsConfig: true })
  .addSourceFilesAtPaths([join(sourceFolder, "**/*.ts"), `!${join(sourceFolder, "**/*.test.ts")}`])
  .map((file) => ({ name: nameOf(file.getFilePath()), file, imports: importsOf(file) }));

function nameOf(path: string): string {
  return relative(sourceFolder, path).replace(/\.[jt]s$/, "");
}

function importsOf(file: SourceFile): readonly string[] {
  const declared = [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap(
    (declaration) => declaration.getModuleSpecifierValue() ?? [],
  );
  const dynamic = file
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) => call.getExpression().getKind() === SyntaxKind.ImportKeyword)
    .flatMap((call) => call.getArguments()[0]?.asKind(SyntaxKind.StringLiteral)?.getLiteralValue() ?? []);
  return [...declared, ...dynamic].map((module) =>
    module.startsWith(".") ? nameOf(resolve(file.getDirectoryPath(), module)) : module,
  );
}

/** "importer -> imported" for every import that `forbids` names. */
function violations(forbids: (importer: string, imported: string) => boolean): readonly string[] {
  return sources.flatMap(({ name, imports }) =>
    imports.filter((imported) => forbids(name, imported)).map((imported) => `${name} -> ${imported}`),
  );
}

const isIn = (folder: string, name: string): boolean => name === folder || name.startsWith(`${folder}/`);

/** Modules that may touch the outside, and why. */
const outside: Readonly<Record<string, string>> = {
  cli: "the user",
  toolchain: "compilers and their cache",
  ahead: "a thread",
  bundle: "the program in one file",
  emulators: "native libraries",
  "config/load": "files that a config names",
  "input-file": "files that the user names",
  "targets/load": "the target's data",
  "chips/read": "the chips' data",
  "peers/load": "descriptions of other allocators",
  "csource/render": "the templates",
  "report/page/assets": "the pages' script and style",
  "outputs/layout-module/read-decoder": "the decoders",
  "package-folder": "where the package stands",
};
const outsideModules = /^node:(?:fs|child_process|net|http|https|worker_threads|os)(?:\/.*)?$/;

describe("the architecture", () => {
  it("sees the sources and their imports", () => {
    expect(sources.length).toBeGreaterThan(30);
    const importedBy = (module: string) => sources.find(({ name }) => name === module)?.imports;
    expect(importedBy("cli/main")).toEqual(["bundle", "cli/short-runs", "cli/run"]);
    expect(importedBy("cli/run")).toEqual(["cli/context", "cli/program"]);
    const context = sources.find(({ name }) => name === "cli/context");
    expect(context?.imports.filter((imported) => imported === "pipeline")).toHaveLength(2);
  });

  it("lets nothing import the command line", () => {
    expect(violations((importer, imported) => isIn("cli", imported) && !isIn("cli", importer))).toEqual([]);
  });

  it("names registers, instructions and masks in their machine's folder only", () => {
    const offenders = sources
      .filter(({ name }) => !/^machine\/[^/]+\//.test(name) && !name.endsWith(".fixture"))
      .flatMap(({ name, file }) => (file.getFullText().match(words) ?? []).map((word) => `${name}: ${word}`));
    expect(offenders).toEqual([]);
    expect("ldr r0, [sp]".match(words)).toEqual(["ldr", "r0"]);
  });

  it("reaches a machine through the registry, and lets machines know nothing of the rest", () => {
    const isMachines = (name: string): boolean => /^machine\/[^/]+\//.test(name);
    expect(
      violations(
        (importer, imported) =>
          isMachines(imported) && !isMachines(importer) && importer !== "machine/registry",
      ),
    ).toEqual([]);
    expect(
      violations(
        (importer, imported) => isIn("machine", importer) && !/^(?:machine\/|units$)/.test(imported),
      ),
    ).toEqual([]);
  });

  it("lets the rooms below verification import each other in one order only", () => {
    const order = ["machine", "targets", "toolchain", "emulators", "proof", "function-timing"];
    const rank = (name: string): number => order.findIndex((folder) => isIn(folder, name));
    expect(
      violations((importer, imported) => rank(importer) >= 0 && rank(imported) > rank(importer)),
    ).toEqual([]);
  });

  it("touches files and processes in named places only", () => {
    const places = Object.keys(outside);
    expect(
      violations(
        (importer, imported) =>
          outsideModules.test(imported) && !places.some((place) => isIn(place, importer)),
      ),
    ).toEqual([]);
  });

  it("prints and exits in the command line only", () => {
    const offenders = sources
      .filter(({ name }) => !isIn("cli", name))
      .filter(({ file }) =>
        file
          .getDescendantsOfKind(SyntaxKind.PropertyAccessExpression)
          .some((access) =>
            /^(?:console\.\w+|process\.(?:exit|exitCode|stdout|stderr|stdin))$/.test(access.getText()),
          ),
      );
    expect(offenders.map(({ name }) => name)).toEqual([]);
  });

  it("names a policy in its own folder only", () => {
    expect(namedPolicies()).toEqual([]);
  });

  it("lets plan and C know of policies only what the plan carries", () => {
    const isAbove = (name: string): boolean => ["plan", "csource"].some((folder) => isIn(folder, name));
    expect(violations((importer, imported) => isAbove(importer) && isIn("policies", imported))).toEqual([]);
  });

  it("keeps the reference apart from the C it is held against", () => {
    const isC = (name: string): boolean =>
      ["csource", "outputs/c", "toolchain", "emulators"].some((folder) => isIn(folder, name));
    const isReference = (name: string): boolean =>
      isIn("reference", name) || /^(?:policies|outputs)\/[^/]+\/reference/.test(name);
    expect(violations((importer, imported) => isReference(importer) && isC(imported))).toEqual([]);
  });

  it("keeps policies out of the emulators and the build", () => {
    const knows = (name: string): boolean =>
      ["policies", "reference", "plan", "csource", "outputs"].some((folder) => isIn(folder, name));
    expect(violations((importer, imported) => isIn("emulators", importer) && knows(imported))).toEqual([]);
  });

  it("loads ts-morph, which is slow to load, for the build of the package only", () => {
    const users = violations((_importer, imported) => imported === "ts-morph");
    expect(users).toEqual(["outputs/layout-module/split-decoder -> ts-morph"]);
    expect(violations((_importer, imported) => imported === "outputs/layout-module/split-decoder")).toEqual([
      "outputs/layout-module/read-decoder -> outputs/layout-module/split-decoder",
    ]);
  });

  it("lets a format of the report know the report and nothing of the run it is of", () => {
    const knows = (name: string): boolean =>
      ["pipeline", "cli", "csource", "outputs", "toolchain", "emulators", "policies", "plan"].some((folder) =>
        isIn(folder, name),
      );
    expect(sources.filter(({ name }) => isIn("report/formats", name)).length).toBeGreaterThan(5);
    expect(violations((importer, imported) => isIn("report/formats", importer) && knows(imported))).toEqual(
      [],
    );
  });

  it("lets nobody outside src/header name a header field", () => {
    const foreign = sources.filter(({ name }) => !isIn("header", name) && !name.endsWith(".fixture"));
    const fields = new Set(["prevFree", "prevSize", "checksum", "requested", "magic"]);
    const named = foreign.flatMap(({ name, file }) =>
      namesIn(file)
        .filter((word) => fields.has(word.replaceAll('"', "")))
        .map((word) => `${name}: ${word}`),
    );
    expect(named.filter((found) => !requestSizes.includes(found))).toEqual([]);
    // Records of fields are the only way to a field's bits: where nobody has one, nobody names "size", "used" or "tag".
    expect(
      violations((importer, imported) => isIn("header/fields", imported) && !isIn("header", importer)),
    ).toEqual([]);
  });

  it("lets the header know no plan, no policy and no reference", () => {
    const isAbove = (name: string): boolean =>
      ["plan", "policies", "reference", "outputs", "inspect", "pipeline"].some((folder) =>
        isIn(folder, name),
      );
    expect(violations((importer, imported) => isIn("header", importer) && isAbove(imported))).toEqual([]);
  });

  it("keeps every file within 300 lines", () => {
    const long = sources.filter(({ file }) => file.getEndLineNumber() > 300);
    expect(long.map(({ name, file }) => `${name}: ${file.getEndLineNumber()}`)).toEqual([]);
  });
});

/**
 * What only a machine's folder may name. The program counter and the stack pointer are every machine's; in small letters
 * "pc" is the former.
 */
const words = new RegExp(
  `\\b(?:${[
    "Thumb|thumb|PRIMASK|primask|BASEPRI|basepri|FAULTMASK|xPSR|CFSR|BFAR|VTOR",
    "r(?:\\d|1[0-5])|R(?:\\d|1[0-5])|SP|LR|PC",
    "ldr|str|LDR[A-Z]*|STR[A-Z]*|LDM|STM|PUSH|POP|BL|BX|BLX|CBZ|CBNZ|IT|CLZ|RBIT|MRS|MSR|CPS|SVC|BKPT|UDF|TBB|TBH",
  ].join("|")})\\b`,
  "g",
);

/** Where "requested" is no field: the bytes that were asked for. */
const requestSizes: readonly string[] = ["inspect/totals: requested"];

/** Places where a policy's name means something else. */
const otherMeanings: Readonly<Record<string, readonly string[]>> = {
  // A member of the control data of policies with lists of classes, and a kind of damage.
  bitmap: ["outputs/c/c-view", "layout", "inspect", "policies"],
};

/** "file: word" for each string, import and identifier that names a policy outside its folder and the registry. */
function namedPolicies(): readonly string[] {
  return sources
    .filter(({ name }) => name !== "policies/registry" && !name.endsWith(".fixture"))
    .flatMap(({ name, file }) => {
      const foreign = policies
        .map((policy) => policy.name)
        .filter((policy) => !isIn(`policies/${policy}`, name))
        .filter((policy) => !(otherMeanings[policy] ?? []).some((place) => isIn(place, name)));
      const words = namesIn(file);
      return foreign.flatMap((policy) => words.filter(names(policy)).map((word) => `${name}: ${word}`));
    });
}

/** Whether a string is the policy's name or holds one of two words, or an identifier is made of it: "PoolConfig". */
function names(policy: string): (word: string) => boolean {
  const parts = policy.split("-");
  const type = parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
  const value = type.charAt(0).toLowerCase() + type.slice(1);
  const identifier = new RegExp(`^(?:.*[a-z])?${type}(?![a-z])`);
  return (word) =>
    word === `"${policy}"` ||
    word.includes(`policies/${policy}/`) ||
    (parts.length > 1 && (word.includes(policy) || word === value)) ||
    identifier.test(word);
}

const strings = [SyntaxKind.StringLiteral, SyntaxKind.NoSubstitutionTemplateLiteral];
const otherNames = [
  ...[SyntaxKind.TemplateHead, SyntaxKind.TemplateMiddle, SyntaxKind.TemplateTail],
  SyntaxKind.Identifier,
];

/** The strings of a source in quotation marks, its pieces of templates, and its identifiers. */
function namesIn(file: SourceFile): readonly string[] {
  const words: string[] = [];
  file.forEachDescendant((node) => {
    const kind = node.getKind();
    if (strings.includes(kind)) words.push(`"${node.getText().slice(1, -1)}"`);
    else if (otherNames.includes(kind)) words.push(node.getText());
  });
  return words;
}

/** What a module reaches, itself included; types alone are gone when it runs. */
function reachedFrom(name: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    const file = sources.find((source) => source.name === next)?.file;
    for (const declaration of [
      ...(file?.getImportDeclarations() ?? []),
      ...(file?.getExportDeclarations() ?? []),
    ]) {
      const module = declaration.getModuleSpecifierValue();
      if (module === undefined || declaration.isTypeOnly() || file === undefined) continue;
      waiting.push(module.startsWith(".") ? nameOf(resolve(file.getDirectoryPath(), module)) : module);
    }
  }
  return reached;
}

describe("what runs in a browser", () => {
  const reached = reachedFrom("browser");

  it("imports nothing of Node, and no engine that is a native library or a process", () => {
    expect([...reached].filter((name) => name.startsWith("node:"))).toEqual([]);
    expect([...reached].filter((name) => !sources.some((source) => source.name === name)).sort()).toEqual([
      "fastest-levenshtein",
      "jsonc-parser",
      "zod",
    ]);
  });

  it("names nothing that only Node has", () => {
    const named = [...reached].filter((name) => {
      const file = sources.find((source) => source.name === name)?.file;
      const identifiers = file?.getDescendantsOfKind(SyntaxKind.Identifier) ?? [];
      return identifiers.some(
        (one) =>
          ["Buffer", "process", "require", "__dirname", "setImmediate"].includes(one.getText()) &&
          one.getParent().getKind() !== SyntaxKind.PropertyAssignment,
      );
    });
    expect(named).toEqual(["runtime"]);
  });
});
