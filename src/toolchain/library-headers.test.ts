import { expect, it } from "vitest";
import { searchedFolders } from "./library-headers.js";

it("takes the folders of the C library from what GCC prints, and leaves GCC's own out", () => {
  const printed = `Using built-in specs.
#include "..." search starts here:
 /quoted/only
#include <...> search starts here:
 /usr/include/newlib/nano
 /usr/lib/gcc/arm-none-eabi/12.2.1/include
 /usr/lib/gcc/arm-none-eabi/12.2.1/include-fixed
 /usr/lib/gcc/arm-none-eabi/12.2.1/../../../arm-none-eabi/include
End of search list.
`;
  expect(searchedFolders(printed)).toEqual(["/usr/include/newlib/nano", "/usr/lib/arm-none-eabi/include"]);
  expect(searchedFolders("no list")).toEqual([]);
});
