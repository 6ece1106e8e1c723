import { afterEach, expect, it, vi } from "vitest";
import { AllocGenError } from "../../diagnostics.js";
import { installCommand, unicornLibrary } from "./library.js";

afterEach(() => vi.unstubAllEnvs());

it("says how to install a library that is missing", () => {
  vi.stubEnv("ALLOC_GEN_UNICORN", "/nowhere/libunicorn.so");
  let thrown: unknown;
  try {
    unicornLibrary();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(AllocGenError);
  expect(thrown).toMatchObject({
    exitCode: 3,
    message: `libunicorn was not found (tried: /nowhere/libunicorn.so); install it with:\n${installCommand()}\nor name the library in ALLOC_GEN_UNICORN, or leave it out: --engine js needs none, where a command has --engine`,
  });
});
