/** What README.md says is held against the program. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { optionsOf } from "./cli/command-line.js";
import { commandNames, commands } from "./cli/commands.js";
import { parseConfigText } from "./config/load.js";
import { packageFolder } from "./package-folder.js";
import { runFormats } from "./report/formats.js";

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

  it("lists every command, and no other, those of two words on their page", () => {
    const traces = readFileSync(join(packageFolder(), "docs", "traces.md"), "utf8");
    const listed = [
      ...readme.matchAll(/^\| `alloc-gen (\S+)` +\|/gm),
      ...traces.matchAll(/^\| `alloc-gen (\S+ \S+)` +\|/gm),
    ].map(([, name]) => name);
    expect(listed.toSorted()).toEqual(
      commandNames.map((name) => (name === "main" ? "[config]" : name)).toSorted(),
    );
  });

  it("and its page on CI list every format of a run, and no other", () => {
    const ci = readFileSync(join(packageFolder(), "docs", "ci.md"), "utf8");
    const listed = [...ci.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name);
    expect(listed).toEqual(Object.keys(runFormats));
    for (const name of Object.keys(runFormats)) expect(readme).toContain(`\`${name}\``);
  });

  it("and its page on CI show options that there are", () => {
    const ci = readFileSync(join(packageFolder(), "docs", "ci.md"), "utf8");
    const shown = [...`${readme}${ci}`.matchAll(/alloc-gen ((?:trace )?[a-z]+) ([^\n`']*)/g)].flatMap(
      ([, name, words]) =>
        [...(words ?? "").matchAll(/--([a-z-]+)/g)].map(([, option]) => ({ name, option })),
    );
    expect(shown.length).toBeGreaterThan(5);
    for (const { name, option } of shown) {
      const command = commandNames.find((known) => known === name);
      if (command === undefined) throw new Error(`there is no command ${name ?? ""}`);
      expect(Object.keys(optionsOf(command, commands))).toContain(option);
    }
  });

  it("names scripts that exist", () => {
    const named = [...readme.matchAll(/npm (?:run )?(\w+) +#/g)].map(([, name]) => name ?? "");
    expect(named).toEqual(["quickstart", "test"]);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });
});
