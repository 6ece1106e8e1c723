/** What README.md says is held against the program. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandNames } from "./cli/commands.js";
import { parseConfigText } from "./config/load.js";
import { packageFolder } from "./package-folder.js";

const readme = readFileSync(join(packageFolder(), "README.md"), "utf8");
const scripts = (
  JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  }
).scripts;

describe("the README", () => {
  it("shows a config that is sound", () => {
    const shown = /```json\n(.*?)```/s.exec(readme)?.[1] ?? "";
    expect(parseConfigText(shown, "README.md").config.name).toBe("app_heap");
  });

  it("lists every command, and no other", () => {
    const listed = [...readme.matchAll(/^\| `alloc-gen (\S+)` \|/gm)].map(([, name]) => name);
    expect(listed.toSorted()).toEqual(
      commandNames.map((name) => (name === "main" ? "[config]" : name)).toSorted(),
    );
  });

  it("names scripts that exist", () => {
    const named = [...readme.matchAll(/npm (?:run )?(\w+) +#/g)].map(([, name]) => name ?? "");
    expect(named).toEqual(["quickstart", "test"]);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });
});
