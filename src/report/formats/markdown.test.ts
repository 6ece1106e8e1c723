import { describe, expect, it, vi } from "vitest";
import { exampleReport, failingReport, warningReport } from "../run.fixture.js";
import { markdown } from "./markdown.js";

vi.mock("../../plan/draw.js", () => ({ drawMemoryMap: () => "<memory map>" }));

describe("markdown", () => {
  it("has the verdict and the figures", () => {
    expect(markdown.print(exampleReport())).toMatchInlineSnapshot(`
      "### app_heap for cortex-m4: OK, 8 checks

      | Figure |  |
      | --- | ---: |
      | flash | 612 bytes |
      | RAM | 32,768 bytes |
      | stack seen | 48 bytes |

      | Workload | operations | malloc mean | malloc p99 | malloc max | free mean | free p99 | free max |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | uniform | 20,000 | 45.5 | 101 | 101 | 30.5 | 71 | 71 |

      arm-none-eabi-gcc 12.2.1 -O2; unicorn 2.0.1; cycles modelled: cortex-m4 plain table (estimate)
      "
    `);
  });

  it("has each failure, the limits, and the change against the baseline", () => {
    expect(markdown.print(failingReport())).toMatchInlineSnapshot(`
      "### app_heap for cortex-m4: FAILED, 10 of 18 checks

      - uniform, operation 41: malloc(24): the reference says offset 128, the C returned offset 136 (\`alloc-gen.json:10:5\`)
      - odd \\<\\&"\\|\\\`:,%, operation 41: write-unmapped: writes 4 bytes at 0x0 (app_heap.c:120) (\`out/c/app_heap.c:120\`)
      - odd \\<\\&"\\|\\\`:,%, operation 7: free takes 41 cycles, 40 were predicted for its path (1f with loops 0: 3) (\`alloc-gen.json:10:5\`)
      - app_heap_usable_size: usable_size(offset 124): 28 in the reference, 24 on the core
      - malloc took 101 cycles, above its bound of 100
      - malloc used 48 bytes of stack, above its bound of 40
      - malloc masked interrupts for 31 cycles, above its bound of 30
      - over budget: malloc mean cycles: 45.5, the limit is 45 (\`alloc-gen.json:20:5\`)
      - over budget: free bound cycles: no bound is proven, the limit is 80 (\`alloc-gen.json:20:5\`)
      - more than 1 % above the baseline: flash bytes: 600 before, 612 now (+2.00 %) (\`alloc-gen.baseline.json\`)

      <details><summary>The shortest sequences that differ</summary>

      \`\`\`
      The shortest sequence found that differs (3 operations):
        a 1 24
        f 1
        a 2 24
      At its end: malloc(24): the reference says offset 128, the C returned offset 136
      The reference's heap:
      [ref]
      The emulated heap:
      [emu]
      The shortest sequence found that differs (3 operations):
        a 1 24
        f 1
        a 2 24
      At its end: malloc(24): the reference says offset 128, the C returned offset 136
      The reference's heap:
      [ref]
      The emulated heap:
      [emu]
      Calls before it:
        init
        malloc(24)
      \`\`\`

      </details>

      | Figure |  |
      | --- | ---: |
      | flash | 612 bytes |
      | RAM | 32,768 bytes |
      | stack seen | 48 bytes |
      | malloc, any call | 100 cycles |
      | check, any call | 500 cycles |

      | Workload | operations | malloc mean | malloc p99 | malloc max | free mean | free p99 | free max |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | uniform | 20,000 | 45.5 | 101 | 101 | 30.5 | 71 | 71 |
      | odd \\<\\&"\\|\\\`:,% | 20,000 | 45.5 | 101 | 101 | 30.5 | 71 | 71 |

      | Budget | actual | limit |  |
      | --- | ---: | ---: | ---: |
      | malloc mean cycles | 45.5 | 45 | exceeded |
      | free bound cycles | none | 80 | exceeded |
      | flash bytes | 612 | 612 |  |

      Against \`alloc-gen.baseline.json\`:

      | Figure | before | now | change |  |
      | --- | ---: | ---: | ---: | ---: |
      | flash bytes | 600 | 612 | +2.00 % | regression |
      | RAM bytes | 40,000 | 32,768 | -18.08 % |  |

      The baseline has another toolchain: \`gcc 11\`, now \`arm-none-eabi-gcc 12.2.1 -O2\`.

      arm-none-eabi-gcc 12.2.1 -O2; unicorn 2.0.1; cycles modelled: cortex-m4 plain table (estimate)

      ### app over all heaps: FAILED, 1 of 1 checks

      - operation 12: malloc_caps(8) returns NULL in the reference, 0x8 on the core
      "
    `);
  });

  it("lists warnings below the verdict", () => {
    expect(markdown.print(warningReport())).toContain(
      "### app_heap for cortex-m4: OK, 8 checks\n\n- Warning: uniform, operation 7: free takes 41 cycles",
    );
  });
});
