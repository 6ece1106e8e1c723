// Sources of Debian's packages, for the tests that build programs for a board from them: apt fetches and verifies them, with
// lists of its own, so that the machine's stay as they are. Uses nothing but Node itself, as setup.mjs does.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where each package's sources are, in a folder of its name. */
export const sourceFolder = join(dirname(dirname(fileURLToPath(import.meta.url))), ".sources");

/** The machine's lists of packages, asking for sources in place of packages. */
function writeLists(folder) {
  const parts = "/etc/apt/sources.list.d";
  const paths = existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : [];
  for (const path of [...paths, "/etc/apt/sources.list"].filter(existsSync)) {
    const text = readFileSync(path, "utf8")
      .replace(/^Types:.*$/gm, "Types: deb-src")
      .replace(/^deb\s/gm, "deb-src ");
    writeFileSync(join(folder, basename(path)), text);
  }
}

/** Fetches and unpacks what upstream released, without the distribution's changes. False when a package is not there then. */
export function fetchSources(packages) {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-sources-"));
  try {
    for (const each of ["lists/partial", "archives/partial", "parts"])
      mkdirSync(join(folder, each), { recursive: true });
    writeLists(join(folder, "parts"));
    const options = {
      "Dir::Etc::sourcelist": "-",
      "Dir::Etc::sourceparts": join(folder, "parts"),
      "Dir::State::lists": join(folder, "lists"),
      "Dir::Cache": folder,
      "APT::Sandbox::User": "root",
    };
    const words = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    const apt = (...more) =>
      spawnSync("apt-get", ["--quiet", ...words, ...more], { cwd: folder, stdio: ["ignore", 2, 2] });
    // A failed update may concern a list we do not need: what is unpacked decides.
    apt("update");
    for (const name of packages) {
      apt("source", "--download-only", name);
      const archive = readdirSync(folder).find(
        (file) => file.startsWith(`${name}_`) && file.includes(".orig.tar."),
      );
      if (archive === undefined) continue;
      const target = join(sourceFolder, name);
      rmSync(target, { recursive: true, force: true });
      mkdirSync(target, { recursive: true });
      spawnSync("tar", ["-xf", join(folder, archive), "--strip-components=1", "-C", target]);
    }
    return packages.every((name) => existsSync(join(sourceFolder, name)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
