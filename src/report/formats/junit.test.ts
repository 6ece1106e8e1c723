import { readFileSync } from "node:fs";
import { join } from "node:path";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { describe, expect, it, vi } from "vitest";
import { packageFolder } from "../../package-folder.js";
import { exampleReport, failingReport, warningReport } from "../run.fixture.js";
import { junit } from "./junit.js";

vi.mock("../../plan/draw.js", () => ({ drawMemoryMap: () => "<memory map>" }));

/** Throws with the schema's complaint. */
function validate(xml: string): void {
  const schema = readFileSync(join(packageFolder(), "src", "report", "formats", "junit.fixture.xsd"), "utf8");
  using document = XmlDocument.fromString(xml);
  using schemaDocument = XmlDocument.fromString(schema);
  using validator = XsdValidator.fromDoc(schemaDocument);
  validator.validate(document);
}

describe("junit", () => {
  it("has a test case for each thing checked", () => {
    expect(junit.print(exampleReport())).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="alloc-gen" tests="8" failures="0" errors="0">
        <testsuite name="app_heap for cortex-m4" tests="8" failures="0" errors="0" skipped="4" time="2.330">
          <properties>
            <property name="target" value="cortex-m4"/>
            <property name="toolchain" value="arm-none-eabi-gcc 12.2.1 -O2"/>
            <property name="engine" value="unicorn 2.0.1"/>
            <property name="cycleModel" value="cortex-m4 plain table (estimate)"/>
            <property name="policy" value="segregated-fit"/>
            <property name="flashBytes" value="612"/>
            <property name="ramBytes" value="32768"/>
          </properties>
          <testcase name="uniform" classname="app_heap.workload">
            <system-out>20,000 operations</system-out>
          </testcase>
          <testcase name="uniform" classname="app_heap.prediction">
            <system-out>the cycles of 200 of 200 operations predicted exactly</system-out>
          </testcase>
          <testcase name="functions" classname="app_heap.interface">
            <system-out>3 functions called 417 times, all looking in 12 states</system-out>
          </testcase>
          <testcase name="malloc cycles" classname="app_heap.bound">
            <skipped message="the number of iterations of the loop at 0x140 is not known"/>
          </testcase>
          <testcase name="malloc stack" classname="app_heap.bound">
            <skipped message="the number of iterations of the loop at 0x140 is not known"/>
          </testcase>
          <testcase name="free cycles" classname="app_heap.bound">
            <skipped message="the number of iterations of the loop at 0x140 is not known"/>
          </testcase>
          <testcase name="free stack" classname="app_heap.bound">
            <skipped message="the number of iterations of the loop at 0x140 is not known"/>
          </testcase>
          <testcase name="branches" classname="app_heap.coverage">
            <system-out>38 of 40 conditional branches went both ways
      never taken: 0x1a0 app_heap.c:210</system-out>
          </testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  it("tells each failure, what was expected and where to look", () => {
    expect(junit.print(failingReport())).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="alloc-gen" tests="19" failures="11" errors="0">
        <testsuite name="app_heap for cortex-m4" tests="18" failures="10" errors="0" skipped="3" time="2.330">
          <properties>
            <property name="target" value="cortex-m4"/>
            <property name="toolchain" value="arm-none-eabi-gcc 12.2.1 -O2"/>
            <property name="engine" value="unicorn 2.0.1"/>
            <property name="cycleModel" value="cortex-m4 plain table (estimate)"/>
            <property name="policy" value="segregated-fit"/>
            <property name="flashBytes" value="612"/>
            <property name="ramBytes" value="32768"/>
          </properties>
          <testcase name="uniform" classname="app_heap.workload">
            <failure type="difference" message="uniform, operation 41: malloc(24): the reference says offset 128, the C returned offset 136">uniform, operation 41: malloc(24): the reference says offset 128, the C returned offset 136
      alloc-gen.json:10:5
      The shortest sequence found that differs (3 operations):
        a 1 24
        f 1
        a 2 24
      At its end: malloc(24): the reference says offset 128, the C returned offset 136
      The reference&apos;s heap:
      [ref]
      The emulated heap:
      [emu]</failure>
            <system-out>20,000 operations</system-out>
          </testcase>
          <testcase name="odd &lt;&amp;&quot;|\`:,%�" classname="app_heap.workload">
            <failure type="difference" message="odd &lt;&amp;&quot;|\`:,%�, operation 41: write-unmapped: writes 4 bytes at 0x0 (app_heap.c:120)">odd &lt;&amp;&quot;|\`:,%�, operation 41: write-unmapped: writes 4 bytes at 0x0 (app_heap.c:120)
      out/c/app_heap.c:120
      The shortest sequence found that differs (3 operations):
        a 1 24
        f 1
        a 2 24
      At its end: malloc(24): the reference says offset 128, the C returned offset 136
      The reference&apos;s heap:
      [ref]
      The emulated heap:
      [emu]</failure>
            <system-out>20,000 operations</system-out>
          </testcase>
          <testcase name="uniform" classname="app_heap.prediction">
            <system-out>the cycles of 200 of 200 operations predicted exactly</system-out>
          </testcase>
          <testcase name="odd &lt;&amp;&quot;|\`:,%�" classname="app_heap.prediction">
            <failure type="wrong-prediction" message="odd &lt;&amp;&quot;|\`:,%�, operation 7: free takes 41 cycles, 40 were predicted for its path (1f with loops 0: 3)">odd &lt;&amp;&quot;|\`:,%�, operation 7: free takes 41 cycles, 40 were predicted for its path (1f with loops 0: 3)
      alloc-gen.json:10:5</failure>
            <system-out>the cycles of 200 of 200 operations predicted exactly</system-out>
          </testcase>
          <testcase name="functions" classname="app_heap.interface">
            <failure type="difference" message="app_heap_usable_size: usable_size(offset 124): 28 in the reference, 24 on the core">app_heap_usable_size: usable_size(offset 124): 28 in the reference, 24 on the core
      Calls before it:
        init
        malloc(24)</failure>
            <system-out>4 functions called 57 times, all looking in 2 states
      not run: app_heap_capacity: no probe calls it</system-out>
          </testcase>
          <testcase name="malloc cycles" classname="app_heap.bound">
            <failure type="above-bound" message="malloc took 101 cycles, above its bound of 100">malloc took 101 cycles, above its bound of 100</failure>
            <system-out>100 proven, 101 seen: 20 + 7 per listed block (at most 10)</system-out>
          </testcase>
          <testcase name="malloc stack" classname="app_heap.bound">
            <failure type="above-bound" message="malloc used 48 bytes of stack, above its bound of 40">malloc used 48 bytes of stack, above its bound of 40</failure>
            <system-out>40 proven, 48 seen</system-out>
          </testcase>
          <testcase name="malloc interrupt latency" classname="app_heap.bound">
            <failure type="above-bound" message="malloc masked interrupts for 31 cycles, above its bound of 30">malloc masked interrupts for 31 cycles, above its bound of 30</failure>
            <system-out>30 proven, 31 seen</system-out>
          </testcase>
          <testcase name="free cycles" classname="app_heap.bound">
            <skipped message="the number of iterations of the loop at 0x140 is not known"/>
          </testcase>
          <testcase name="free stack" classname="app_heap.bound">
            <skipped message="the number of iterations of the loop at 0x140 is not known"/>
          </testcase>
          <testcase name="free interrupt latency" classname="app_heap.bound">
            <skipped message="the number of iterations of the loop at 0x140 is not known"/>
          </testcase>
          <testcase name="check cycles" classname="app_heap.bound">
            <system-out>500 proven, not called</system-out>
          </testcase>
          <testcase name="check stack" classname="app_heap.bound">
            <system-out>8 proven, not called</system-out>
          </testcase>
          <testcase name="branches" classname="app_heap.coverage">
            <system-out>38 of 40 conditional branches went both ways
      never taken: 0x1a0 app_heap.c:210</system-out>
          </testcase>
          <testcase name="malloc mean cycles" classname="app_heap.budget">
            <failure type="over-budget" message="over budget: malloc mean cycles: 45.5, the limit is 45">over budget: malloc mean cycles: 45.5, the limit is 45
      alloc-gen.json:20:5</failure>
            <system-out>45.5 of 45</system-out>
          </testcase>
          <testcase name="free bound cycles" classname="app_heap.budget">
            <failure type="over-budget" message="over budget: free bound cycles: no bound is proven, the limit is 80">over budget: free bound cycles: no bound is proven, the limit is 80
      alloc-gen.json:20:5</failure>
            <system-out>none of 80</system-out>
          </testcase>
          <testcase name="flash bytes" classname="app_heap.budget">
            <system-out>612 of 612</system-out>
          </testcase>
          <testcase name="figures" classname="app_heap.baseline">
            <failure type="regression" message="more than 1 % above the baseline: flash bytes: 600 before, 612 now (+2.00 %)">more than 1 % above the baseline: flash bytes: 600 before, 612 now (+2.00 %)
      alloc-gen.baseline.json</failure>
            <system-out>2 changed</system-out>
          </testcase>
        </testsuite>
        <testsuite name="app over all heaps" tests="1" failures="1" errors="0" skipped="0">
          <testcase name="operations" classname="app.front">
            <failure type="difference" message="operation 12: malloc_caps(8) returns NULL in the reference, 0x8 on the core">operation 12: malloc_caps(8) returns NULL in the reference, 0x8 on the core</failure>
            <system-out>3,000 operations</system-out>
          </testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  it.each([
    ["a good run", exampleReport()],
    ["a run in which everything fails", failingReport()],
  ])("is valid for %s, whatever a workload is called", (_, report) => {
    expect(() => validate(junit.print(report))).not.toThrow();
  });

  it("is held against a schema that refuses what is not JUnit's", () => {
    const xml = junit.print(exampleReport());
    expect(() => validate(xml.replace("<testcase name=", "<testcase title="))).toThrow(/title/);
    expect(() => validate(xml.replace(/time="[\d.]+"/, 'time="soon"'))).toThrow(/soon/);
  });

  it("notes a warning beside a test that passes", () => {
    const xml = junit.print(warningReport());
    expect(xml).toContain(
      "warning: uniform, operation 7: free takes 41 cycles, 40 were predicted for its path (1f)",
    );
    expect(xml).not.toContain("<failure");
    validate(xml);
  });
});
