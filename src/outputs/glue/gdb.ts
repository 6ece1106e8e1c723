/** A script for gdb that reads the heap's blocks, by the layout as data. */
import { hasHeaders, type Plan } from "../../plan/plan.js";
import { glueFile, type GlueFiles } from "./glue-file.js";

/** @throws Error for blocks without headers, which a config was to be refused for. */
export const gdbFiles: GlueFiles<"gdb"> = (_choice, plan, view) => {
  if (!hasHeaders(plan)) throw new Error("gdb's script reads headers, and blocks have none");
  const layout = { ...plan.rules.layout(plan), placements: undefined };
  return [
    glueFile(`${plan.name}-gdb.py`, "gdb.py", {
      ...view,
      mark: "#",
      brief: `Commands of gdb that show ${plan.name}.`,
      layout: JSON.stringify(layout, undefined, 1),
      address: addressOf(plan),
    }),
  ];
};

/** An expression of gdb. The C's variable is static: gdb finds it by the file. */
function addressOf({ name, placement }: Plan): string {
  switch (placement.kind) {
    case "static":
      return `(unsigned long)&'${name}.c'::heap`;
    case "linker":
      return `(unsigned long)&${placement.start}`;
    case "runtime":
      return `(unsigned long)'${name}.c'::heap`;
  }
}
