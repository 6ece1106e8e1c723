/** C++: its operators, and what the standard library's containers allocate with. */
import { glueFile, type GlueFiles } from "./glue-file.js";

export const cppFiles: GlueFiles<"cpp"> = (_choice, { name }, view) => [
  glueFile(`${name}.hpp`, "memory.hpp", { ...view, brief: `Containers of C++ in ${name}.` }),
  glueFile(`${name}_new.cpp`, "new.cpp", {
    ...view,
    brief: `Operators new and delete of C++, served by ${name}.`,
  }),
];
