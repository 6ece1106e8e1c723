import { describe, expect, it } from "vitest";
import type { ComparisonReport, EntryTraceReport } from "./peers-report.js";
import { comparisonMarkdown } from "./peers-markdown.js";
import { comparisonText } from "./peers-text.js";

const figures = (mean: number, p99: number, max: number, failed = 0) => {
  const cycles = { mean, p50: 0, p99, max };
  return { calls: 10, failed, instructions: cycles, cycles };
};

const good: EntryTraceReport = {
  name: "radio",
  malloc: figures(109.04, 165, 1182, 3),
  free: figures(95, 170, 207),
  leastHeap: { heapBytes: 24_680, ramBytes: 24_688, ratio: 1.2557 },
};

function report(second: Partial<EntryTraceReport>): ComparisonReport {
  const allocator = {
    compiler: "arm-none-eabi-gcc 12.2.1",
    precompiled: false,
    optimize: "-O2",
    alignmentBytes: 8,
    flashBytes: 1780,
    controlBytes: 216,
    strideBytes: { 1: 8, 12: 16, 24: 32, 64: 72, 100: 104.5 },
  };
  return {
    version: 1,
    ok: second.broken === undefined,
    target: "cortex-m4",
    toolchain: "arm-none-eabi-gcc 12.2.1",
    engine: "unicorn 2.0.1",
    cycleModel: "a model",
    heapBytes: 65_536,
    realloc: "malloc, then free of the old block",
    traces: [{ name: "radio", operations: 20_000, peakBytes: 19_660 }],
    allocators: [
      { ...allocator, name: "app_heap", traces: [good] },
      { ...allocator, name: "other", controlBytes: null, strideBytes: {}, traces: [{ ...good, ...second }] },
    ],
  };
}

/** The generated allocator by two compilers, and one of a library. */
function byCompiler(third: Partial<EntryTraceReport>): ComparisonReport {
  const one = report(third);
  const [generated, other] = one.allocators;
  if (generated === undefined || other === undefined) throw new Error("the report has two allocators");
  return {
    ...one,
    toolchain: "arm-none-eabi-gcc 12.2.1, clang 14.0.6",
    allocators: [generated, { ...generated, compiler: "clang 14.0.6" }, { ...other, precompiled: true }],
  };
}

describe("the comparison for people", () => {
  it("is one table", () => {
    const steady = { heapBytes: 24_680, ramBytes: 24_688, ratio: 1.2557, steadyFrom: 24_800 };
    expect(comparisonText.print(report({ leastHeap: steady }), 120)).toBe(`Allocators for cortex-m4
toolchain  arm-none-eabi-gcc 12.2.1
engine     unicorn 2.0.1
cycles     modelled: a model
heap       65,536 bytes for each
realloc    malloc, then free of the old block

                                                        malloc              free
                 flash  control  blocks 1/12/24/64/100    mean  p99    max  mean  p99  max  failed  least RAM  ratio

radio (20,000 operations)
  app_heap  -O2  1,780      216       8/16/32/72/104.5   109.0  165  1,182  95.0  170  207       3     24,688  1.256
  other     -O2  1,780        -              -/-/-/-/-   109.0  165  1,182  95.0  170  207       3    *24,688  1.256

blocks: bytes from one block to the next, payloads of 1, 12, 24, 64, 100 bytes
control: RAM outside the heap, control data in it, and one header
least RAM: the least that serves the trace, heap and control data; ratio: over the peak of live payload
*: a larger heap fails the trace again

OK: every block lies in the heap, is aligned, overlaps no other, and keeps its payload.
`);
  });

  it.each([80, 100, 120])("fits a terminal of %d columns, and says all there", (width) => {
    const said = (text: string) => new Set(text.split(/\s+/));
    for (const made of [
      report({}),
      byCompiler({}),
      byCompiler({ broken: "operation 3: the heap is on fire" }),
    ]) {
      const text = comparisonText.print(made, width);
      expect(text.split("\n").filter((line) => line.length > width)).toEqual([]);
      expect(said(text)).toEqual(said(comparisonText.print(made, 200)));
    }
  });

  it("goes on in a second block where nobody knows the width", () => {
    const text = comparisonText.print(report({}));
    expect(text).toContain(`
                                                        malloc              free
                 flash  control  blocks 1/12/24/64/100    mean  p99    max  mean  p99  max

radio (20,000 operations)
  app_heap  -O2  1,780      216       8/16/32/72/104.5   109.0  165  1,182  95.0  170  207
  other     -O2  1,780        -              -/-/-/-/-   109.0  165  1,182  95.0  170  207

                 failed  least RAM  ratio

radio (20,000 operations)
  app_heap  -O2       3     24,688  1.256
  other     -O2       3     24,688  1.256
`);
  });

  it("names the compiler of each row where there are several", () => {
    const text = comparisonText.print(byCompiler({ broken: "operation 3: the heap is on fire" }), 160);
    expect(text).toMatch(/^toolchain  arm-none-eabi-gcc 12\.2\.1, clang 14\.0\.6$/m);
    expect(text.match(/^ {2}\w+ .*-O2/gm)).toEqual([
      "  app_heap  arm-none-eabi-gcc 12.2.1           -O2",
      "  app_heap  clang 14.0.6                       -O2",
      "  other     library, arm-none-eabi-gcc 12.2.1  -O2",
    ]);
    const [head = ""] = text.match(/^ .*blocks.*$/m) ?? [];
    const [first = ""] = text.match(/^ {2}app_heap.*$/m) ?? [];
    expect([head.indexOf("flash"), head.length]).toEqual([first.indexOf("1,780"), first.length]);
    expect(text).toContain("\nlibrary: comes compiled, and is measured once; the compiler named links it\n");
    expect(text).toContain(
      "\nother (library, arm-none-eabi-gcc 12.2.1) -O2, radio: operation 3: the heap is on fire\n",
    );
  });

  it("says which promise was broken in place of figures", () => {
    const text = comparisonText.print(report({ broken: "operation 3: the heap is on fire" }));
    expect(text).toMatch(/^ {2}other +-O2 +1,780 +- +-\/-\/-\/-\/- +BROKEN$/m);
    expect(text).toMatch(/\n\nBROKEN PROMISES:\nother -O2, radio: operation 3: the heap is on fire\n$/);
  });
});

describe("the comparison in Markdown", () => {
  it.each([80, 100, 120])("fits a terminal of %d columns, and says all there", (width) => {
    const said = (text: string) => new Set(text.split(/\s+/));
    for (const made of [
      report({}),
      byCompiler({}),
      byCompiler({ broken: "operation 3: the heap is on fire" }),
    ]) {
      const text = comparisonText.print(made, width);
      expect(text.split("\n").filter((line) => line.length > width)).toEqual([]);
      expect(said(text)).toEqual(said(comparisonText.print(made, 200)));
    }
  });

  it("goes on in a second block where nobody knows the width", () => {
    const text = comparisonText.print(report({}));
    expect(text).toContain(`
                                                        malloc              free
                 flash  control  blocks 1/12/24/64/100    mean  p99    max  mean  p99  max

radio (20,000 operations)
  app_heap  -O2  1,780      216       8/16/32/72/104.5   109.0  165  1,182  95.0  170  207
  other     -O2  1,780        -              -/-/-/-/-   109.0  165  1,182  95.0  170  207

                 failed  least RAM  ratio

radio (20,000 operations)
  app_heap  -O2       3     24,688  1.256
  other     -O2       3     24,688  1.256
`);
  });

  it("names the compiler of each row where there are several", () => {
    const rows = comparisonMarkdown.print(byCompiler({})).match(/^\| (?:app_heap|other) [^|]*/gm);
    const names = [
      "| app_heap (arm-none-eabi-gcc 12.2.1) -O2 ",
      "| app_heap (clang 14.0.6) -O2 ",
      "| other (library, arm-none-eabi-gcc 12.2.1) -O2 ",
    ];
    expect(rows).toEqual([...names, ...names]);
  });

  it("is a table of layouts, and one for each trace", () => {
    expect(comparisonMarkdown.print(report({}))).toMatchInlineSnapshot(`
      "### Allocators for cortex-m4: OK

      | Allocator | flash | control | blocks 1/12/24/64/100 |
      | --- | ---: | ---: | ---: |
      | app_heap -O2 | 1,780 | 216 | 8/16/32/72/104.5 |
      | other -O2 | 1,780 | - | -/-/-/-/- |

      **radio** (20,000 operations)

      | Allocator | malloc mean | malloc p99 | malloc max | free mean | free p99 | free max | failed | least RAM | ratio |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | app_heap -O2 | 109.0 | 165 | 1,182 | 95.0 | 170 | 207 | 3 | 24,688 | 1.256 |
      | other -O2 | 109.0 | 165 | 1,182 | 95.0 | 170 | 207 | 3 | 24,688 | 1.256 |

      arm-none-eabi-gcc 12.2.1; unicorn 2.0.1; cycles modelled: a model; heap 65,536 bytes
      "
    `);
  });

  it("says which promise was broken", () => {
    const text = comparisonMarkdown.print(report({ broken: "operation 3: the heap is on fire" }));
    expect(text).toContain("### Allocators for cortex-m4: broken promises\n\n");
    expect(text).toContain("\n- other -O2, radio: operation 3: the heap is on fire\n");
    expect(text).toMatch(/^\| other -O2 \| broken \|/m);
  });
});
