/** The files of a config that a test states. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateHeaps, prepareHeaps, type GeneratedFile } from "../../../src/pipeline.js";

/** @throws AllocGenError, exit code 2: the config is not sound. */
export async function filesFor(config: object): Promise<readonly GeneratedFile[]> {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-config-"));
  try {
    const file = join(folder, "alloc-gen.json");
    writeFileSync(file, JSON.stringify(config));
    return await generateHeaps(prepareHeaps(file, {}));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file of this folder, as one of a program. */
export const supportFile = (name: string) => ({
  name,
  text: readFileSync(join(dirname(fileURLToPath(import.meta.url)), name), "utf8"),
});

/** What `kernel/tasks.c` and `kernel/shared.c` are told of a heap that its header does not say: their subject.h. */
export function subjectOf(files: readonly { readonly name: string; readonly text: string }[]) {
  const source = files.find(({ name }) => name === "app_heap.c")?.text ?? "";
  const header = /APP_HEAP_HEADER_BYTES +\((\d+U)\)/.exec(source)?.[1] ?? "0U";
  const hasRest = Number(source.includes("control.wilderness"));
  return { name: "subject.h", text: `#define HEADER ${header}\n#define HAS_REST ${hasRest}\n` };
}
