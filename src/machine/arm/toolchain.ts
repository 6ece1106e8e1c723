/** Where Arm's compilers come from. */
import type { ToolchainFacts } from "../machine.js";

export const toolchain: ToolchainFacts = {
  prefix: "arm-none-eabi-",
  triple: "arm-none-eabi",
  linkFlags: (flags) => flags,
  alignedAccess: "-mno-unaligned-access",
  install: {
    gcc: [
      "Debian, Ubuntu:   sudo apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi",
      "macOS, Homebrew:  brew install --cask gcc-arm-embedded",
    ],
    clang: [
      "Debian, Ubuntu:   sudo apt-get install clang gcc-arm-none-eabi libnewlib-arm-none-eabi",
      "macOS, Homebrew:  brew install llvm && brew install --cask gcc-arm-embedded",
    ],
  },
};
