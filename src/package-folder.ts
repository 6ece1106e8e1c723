/** Where the package is installed: `templates/` and `targets/` stand there, whether run from `src/` or from `dist/`. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface Package {
  readonly folder: string;
  readonly version: string;
}

/** The manifest's name and version, or undefined where `file` is not this package's. */
function readVersion(file: string): string | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
  const named = manifest as { readonly name?: unknown; readonly version?: unknown } | null;
  return named?.name === "alloc-gen" && typeof named.version === "string" ? named.version : undefined;
}

/** Upwards to the first package.json of this package: another's (a workspace root, a stray one) is passed over. */
function findPackage(start: string): Package {
  for (let folder = start; ; folder = dirname(folder)) {
    const version = readVersion(join(folder, "package.json"));
    if (version !== undefined) {
      return { folder, version };
    }
    if (dirname(folder) === folder) {
      throw new Error(`the package.json of alloc-gen is not above ${start}`);
    }
  }
}

let found: Package | undefined;

function ownPackage(): Package {
  found ??= findPackage(dirname(fileURLToPath(import.meta.url)));
  return found;
}

/** Absolute path of the package's root. */
export function packageFolder(): string {
  return ownPackage().folder;
}

/** "0.1.0" */
export function packageVersion(): string {
  return ownPackage().version;
}

/** What another build of the package has otherwise; undefined where it runs from its sources, which change one by one. */
export function buildStamp(): string | undefined {
  const file = fileURLToPath(import.meta.url);
  return file.endsWith(".ts") ? undefined : String(statSync(file).mtimeMs);
}
