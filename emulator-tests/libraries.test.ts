/** Libraries and Rust on the heap, built for the machine that runs the tests: all that they allocate is the heap's. */
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { filesFor } from "./support/board/generated.js";
import { runCommand } from "./support/run-on-host.js";

const support = join(dirname(fileURLToPath(import.meta.url)), "support", "libraries");

let folder = "";
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A folder with the heap, its glue as `damage` leaves it, and these files. */
async function prepare(
  outputs: readonly unknown[],
  files: readonly string[],
  damage: (text: string) => string = (text) => text,
  more: object = {},
) {
  folder = await mkdtemp(join(tmpdir(), "alloc-gen-libraries-"));
  const generated = await filesFor({
    name: "app_heap",
    target: "cortex-m4",
    heap: { size: "512KiB" },
    policy: { kind: "segregated-fit" },
    api: { walk: true, check: true },
    outputs,
    ...more,
  });
  for (const { name, text } of generated) {
    const isGlue = !/^app_heap\.(?:[ch]|layout\.ts)$/.test(name);
    await writeFile(join(folder, name), isGlue ? damage(text) : text);
  }
  for (const file of files) await copyFile(join(support, file), join(folder, file));
}

const flags = ["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-I."];

interface Library {
  readonly output: string;
  readonly words: readonly string[];
  readonly sources?: readonly string[];
  /** Further keys of the config. */
  readonly more?: object;
  /** Where it is not named like the output. */
  readonly program?: string;
}

const lvgl: Library = { output: "lvgl", words: [`-I${support}`], sources: ["app_heap_lvgl.c"] };
const libraries: readonly Library[] = [
  { output: "lua", words: ["-I/usr/include/lua5.4", "-llua5.4"] },
  { output: "cjson", words: ["-I/usr/include/cjson", "-lcjson"] },
  { output: "sqlite", words: ["-lsqlite3"] },
  { output: "mbedtls", words: ["-DMBEDTLS_PLATFORM_MEMORY", "-DMBEDTLS_PLATFORM_C"] },
  lvgl,
  { ...lvgl, more: { init: "lazy" }, program: "lvgl-shared" },
];

async function runLibrary(
  { output, words, sources = [], more, program = output }: Library,
  damage?: (text: string) => string,
) {
  await prepare([output], ["ours.h", `${program}.c`], damage, more);
  const inputs = [`${program}.c`, "app_heap.c", ...sources];
  const built = await runCommand("gcc", [...flags, ...inputs, ...words, "-o", "program"], folder);
  return built === "" ? runCommand("./program", [], folder) : built;
}

test.each(libraries)("$output allocates in the heap alone", async (library) => {
  expect(await runLibrary(library)).toBe("all is ours");
});

test.each<{ readonly output: string; readonly from: RegExp; readonly to: string }>([
  { output: "lua", from: /app_heap_free\(ptr\);/, to: "" },
  { output: "cjson", from: /cJSON_InitHooks\(&hooks\);/, to: "(void)hooks;" },
  {
    output: "sqlite",
    from: /SQLITE_CONFIG_MALLOC, &methods/,
    to: "SQLITE_CONFIG_GETMALLOC, &(sqlite3_mem_methods){ methods.xMalloc, NULL, NULL, NULL, NULL, NULL, NULL, NULL }",
  },
  { output: "lvgl", from: /used_bytes -= before;/, to: "(void)before;" },
])("$output: glue without it is found", async ({ output, from, to }) => {
  const library = libraries.find((each) => each.output === output);
  if (library === undefined) throw new Error(output);
  const printed = await runLibrary(library, (text) => {
    expect(text).toMatch(from);
    return text.replace(from, to);
  });
  expect(printed).toContain("not all is ours");
});

test("mbedtls without MBEDTLS_PLATFORM_MEMORY is told so", async () => {
  const printed = await runLibrary({ output: "mbedtls", words: ["-DMBEDTLS_PLATFORM_C"] });
  expect(printed).toContain("its config lacks MBEDTLS_PLATFORM_MEMORY");
});

describe("rust", () => {
  const build = async (output: unknown, damage?: (text: string) => string, more: readonly string[] = []) => {
    await prepare([output], ["main.rs", "rust.c"], damage);
    for (const source of ["app_heap", "rust"]) {
      const words = [...flags, "-include", "stdint.h", "-c", `${source}.c`, "-o", `${source}.o`];
      expect(await runCommand("gcc", words, folder)).toBe("");
    }
    const links = ["app_heap.o", "rust.o"].flatMap((object) => ["-C", `link-arg=${object}`]);
    const words = ["--edition", "2021", "-D", "warnings", "-O", ...links, ...more, "main.rs"];
    return runCommand("rustc", words, folder);
  };

  test("collections are in the heap", async () => {
    expect(await build("rust")).toBe("");
    expect(await runCommand("./main", [], folder)).toBe("all is ours");
  });

  test("an alignment that realloc does not keep is found", async () => {
    const damaged = await build("rust", (text) =>
      text.replace(
        /(unsafe fn realloc[^}]*?)layout\.align\(\) <= ALIGNMENT/,
        "$1true || layout.align() <= ALIGNMENT",
      ),
    );
    expect(damaged).not.toContain("error[");
    expect(await runCommand("./main", [], folder)).not.toContain("all is ours");
  });

  test("the file needs no library of Rust's but core", async () => {
    await prepare(["rust"], []);
    await writeFile(join(folder, "lib.rs"), "#![no_std]\npub mod app_heap;\n");
    const words = [
      "--edition",
      "2021",
      "--crate-type",
      "lib",
      "--emit",
      "metadata",
      "-D",
      "warnings",
      "lib.rs",
    ];
    expect(await runCommand("rustc", words, folder)).toBe("");
  });

  test("edition 2024 has its own word for functions of C", async () => {
    const files = await filesFor({
      name: "app_heap",
      target: "cortex-m4",
      heap: { size: "8KiB" },
      policy: { kind: "segregated-fit" },
      outputs: [{ kind: "rust", edition: "2024" }],
    });
    expect(files.find(({ name }) => name.endsWith(".rs"))?.text).toContain('\nunsafe extern "C" {\n');
  });
});
