/** Compiler flags of the generated C, by family of compilers. What selects the core is the target's; the rest stands here. */

/** The standard the generated C is written for. */
export const languageFlags = ["-std=c11", "-ffreestanding"] as const;

/** Undefined behaviour ends in an undefined instruction, of GCC and Clang alike. What that needs calls no library. */
export const trapFlags = ["-fsanitize=undefined", "-fsanitize-undefined-trap-on-error"] as const;

/** What the generated C must be clean under with GCC and Clang alike. */
const warningFlags = [
  "-Wall",
  "-Wextra",
  "-Wpedantic",
  "-Wconversion",
  "-Wsign-conversion",
  "-Wshadow",
  "-Wcast-align=strict",
  "-Wcast-qual",
  "-Wundef",
  "-Wstrict-prototypes",
  "-Wmissing-prototypes",
  "-Wdouble-promotion",
  "-Wformat=2",
  "-Wswitch-enum",
  "-Wvla",
  "-Wwrite-strings",
  "-Wpointer-arith",
  "-Werror",
] as const;

const codeFlags = [
  // One section a function and a variable: the linker drops what is not called, sizes are those of what is.
  "-ffunction-sections",
  "-fdata-sections",
  "-fno-common",
  // A loop that clears an array must stay a loop: as a call of memset it would need a library and hide its cycles.
  "-fno-tree-loop-distribute-patterns",
  // Symbols for disassembly; the bytes in memory are the same without.
  "-g",
] as const;

/** What both know. */
const commonCodeFlags = codeFlags.filter((flag) => flag !== "-fno-tree-loop-distribute-patterns");

/** Flags of a family of compilers. */
export interface CompilerFlags {
  readonly warnings: readonly string[];
  /** How code is made. */
  readonly code: readonly string[];
  /** For the link of a whole program: a small C library, and system calls that fail. */
  readonly smallLibrary: readonly string[];
}

export const gccFlags: CompilerFlags = {
  warnings: warningFlags,
  code: codeFlags,
  // Enough for an assertion, which prints before it stops.
  smallLibrary: ["--specs=nano.specs", "--specs=nosys.specs"],
};

/** Compiles C only; GCC assembles and links. A loop stays one because of -ffreestanding. */
export const clangFlags: CompilerFlags = {
  warnings: warningFlags.map((flag) => (flag === "-Wcast-align=strict" ? "-Wcast-align" : flag)),
  // GCC's default with optimisation: a frame pointer kept on the stack hides from the proof where the stack is.
  code: [...commonCodeFlags, "-fomit-frame-pointer"],
  smallLibrary: gccFlags.smallLibrary,
};
