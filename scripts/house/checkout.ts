/** Where the sources to be counted stand: this checkout, or another commit's files in a folder for the time being. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Checkout {
  readonly folder: string;
  /** Paths from the folder with forward slashes, sorted. */
  readonly files: readonly string[];
  read(path: string): string;
}

/** What is counted: nothing that is generated, nothing of npm's. */
const counted = ["src", "templates", "emulator-tests", "bench", "scripts"];

export function checkoutAt(folder: string): Checkout {
  const files = counted.flatMap((top) => filesBelow(folder, top));
  return { folder, files: files.toSorted(), read: (path) => readFileSync(join(folder, path), "utf8") };
}

function filesBelow(folder: string, path: string): readonly string[] {
  return readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) => {
    const inner = `${path}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(folder, inner) : [inner];
  });
}

/**
 * The files of `commit`, as long as `use` runs.
 * @throws Error where git does not know the commit.
 */
export function withCommit<Result>(
  root: string,
  commit: string,
  use: (checkout: Checkout) => Result,
): Result {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-house-"));
  try {
    const archive = execFileSync("git", ["archive", "--format=tar", commit], {
      cwd: root,
      maxBuffer: 1 << 28,
    });
    execFileSync("tar", ["-x", "-C", folder], { input: archive });
    return use(checkoutAt(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
