import { describe, expect, it, vi } from "vitest";
import { exampleReport, failingReport, warningReport } from "../run.fixture.js";
import { github } from "./github.js";
import { markdown } from "./markdown.js";

vi.mock("../../plan/draw.js", () => ({ drawMemoryMap: () => "<memory map>" }));

describe("github", () => {
  it("says of a good run that it is one, without an annotation", () => {
    expect(github.print(exampleReport())).toBe("app_heap for cortex-m4: OK\n");
  });

  it("has an annotation of its own kind for a warning", () => {
    expect(github.print(warningReport())).toBe(
      "::warning file=alloc-gen.json,line=10,col=5,title=app_heap for cortex-m4::uniform, operation 7: free takes 41 cycles, 40 were predicted for its path (1f)\napp_heap for cortex-m4: OK\n",
    );
  });

  it("has an annotation for each failure at its line, on one line each, with nothing that ends it early", () => {
    expect(github.print(failingReport())).toMatchInlineSnapshot(`
      "::error file=alloc-gen.json,line=10,col=5,title=app_heap for cortex-m4::uniform, operation 41: malloc(24): the reference says offset 128, the C returned offset 136%0AThe shortest sequence found that differs (3 operations):%0A  a 1 24%0A  f 1%0A  a 2 24%0AAt its end: malloc(24): the reference says offset 128, the C returned offset 136%0AThe reference's heap:%0A[ref]%0AThe emulated heap:%0A[emu]
      ::error file=out/c/app_heap.c,line=120,title=app_heap for cortex-m4::odd <&"|\`:,%25, operation 41: write-unmapped: writes 4 bytes at 0x0 (app_heap.c:120)%0AThe shortest sequence found that differs (3 operations):%0A  a 1 24%0A  f 1%0A  a 2 24%0AAt its end: malloc(24): the reference says offset 128, the C returned offset 136%0AThe reference's heap:%0A[ref]%0AThe emulated heap:%0A[emu]
      ::error file=alloc-gen.json,line=10,col=5,title=app_heap for cortex-m4::odd <&"|\`:,%25, operation 7: free takes 41 cycles, 40 were predicted for its path (1f with loops 0: 3)
      ::error title=app_heap for cortex-m4::app_heap_usable_size: usable_size(offset 124): 28 in the reference, 24 on the core%0ACalls before it:%0A  init%0A  malloc(24)
      ::error title=app_heap for cortex-m4::malloc took 101 cycles, above its bound of 100
      ::error title=app_heap for cortex-m4::malloc used 48 bytes of stack, above its bound of 40
      ::error title=app_heap for cortex-m4::malloc masked interrupts for 31 cycles, above its bound of 30
      ::error file=alloc-gen.json,line=20,col=5,title=app_heap for cortex-m4::over budget: malloc mean cycles: 45.5, the limit is 45
      ::error file=alloc-gen.json,line=20,col=5,title=app_heap for cortex-m4::over budget: free bound cycles: no bound is proven, the limit is 80
      ::error file=alloc-gen.baseline.json,title=app_heap for cortex-m4::more than 1 %25 above the baseline: flash bytes: 600 before, 612 now (+2.00 %25)
      app_heap for cortex-m4: FAILED (10)
      ::error title=app over all heaps::operation 12: malloc_caps(8) returns NULL in the reference, 0x8 on the core
      app over all heaps: FAILED (1)
      "
    `);
  });

  it("sums up in Markdown", () => {
    expect(github.summary?.(failingReport())).toBe(markdown.print(failingReport()));
  });
});
