/** Where the compilers of RISC-V come from. */
import type { ToolchainFacts } from "../machine.js";

export const toolchain: ToolchainFacts = {
  prefix: "riscv64-unknown-elf-",
  triple: "riscv32-unknown-elf",
  // GCC 12 finds no libraries for an architecture with a named extension, and takes those of 64 bits.
  linkFlags: (flags) => flags.map((flag) => flag.replace(/^(-march=rv32[a-z]+)_.*$/, "$1")),
  alignedAccess: "-mstrict-align",
  // Its flags of the architecture are others, and linked code was not held against it.
  refused: ["clang"],
  smallLibrary: ["--specs=picolibc.specs"],
  install: {
    gcc: [
      "Debian, Ubuntu:   sudo apt-get install gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf",
      "macOS, Homebrew:  brew tap riscv-software-src/riscv && brew install riscv-tools",
    ],
  },
};
