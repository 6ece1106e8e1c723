import { createRequire } from "node:module";
import Ajv from "ajv";
import { describe, expect, it, vi } from "vitest";
import { exampleReport, failingReport, warningReport } from "../run.fixture.js";
import { sarif } from "./sarif.js";

vi.mock("../../plan/draw.js", () => ({ drawMemoryMap: () => "<memory map>" }));
vi.mock("../../package-folder.js", () => ({ packageVersion: () => "1.2.3" }));

const require = createRequire(import.meta.url);
const readJson = (module: string): object => require(module) as object;

const ajv = new Ajv({ schemaId: "id", meta: false });
ajv.addMetaSchema(readJson("ajv/lib/refs/json-schema-draft-04.json"));
const validate = ajv.compile(readJson("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"));

/** What the published schema has against a log. */
function faultsOf(text: string): unknown {
  void validate(JSON.parse(text));
  return validate.errors;
}

describe("sarif", () => {
  it("has no result for a good run", () => {
    expect(sarif.print(exampleReport())).toMatchInlineSnapshot(`
      "{
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
          {
            "tool": {
              "driver": {
                "name": "alloc-gen",
                "version": "1.2.3",
                "rules": [
                  {
                    "id": "difference",
                    "shortDescription": {
                      "text": "The C and the reference differ."
                    },
                    "defaultConfiguration": {
                      "level": "error"
                    }
                  },
                  {
                    "id": "wrong-prediction",
                    "shortDescription": {
                      "text": "An operation's cycles differ from those that the reference predicts from its path."
                    },
                    "defaultConfiguration": {
                      "level": "error"
                    }
                  },
                  {
                    "id": "above-bound",
                    "shortDescription": {
                      "text": "A call exceeded its proven bound: the proof, the cycle model or the engine is wrong."
                    },
                    "defaultConfiguration": {
                      "level": "error"
                    }
                  },
                  {
                    "id": "over-budget",
                    "shortDescription": {
                      "text": "A figure exceeds its budget in the config."
                    },
                    "defaultConfiguration": {
                      "level": "error"
                    }
                  },
                  {
                    "id": "regression",
                    "shortDescription": {
                      "text": "A figure exceeds the baseline by more than is allowed."
                    },
                    "defaultConfiguration": {
                      "level": "error"
                    }
                  },
                  {
                    "id": "unprotected",
                    "shortDescription": {
                      "text": "A function uses the heap with interrupts let in, leaves their mask changed, or an interrupt damages the heap."
                    },
                    "defaultConfiguration": {
                      "level": "error"
                    }
                  },
                  {
                    "id": "missed-misuse",
                    "shortDescription": {
                      "text": "Misuse that the heap is to find passed, hung the core, or reached memory that is not the heap's."
                    },
                    "defaultConfiguration": {
                      "level": "error"
                    }
                  }
                ]
              }
            },
            "automationDetails": {
              "id": "alloc-gen/cortex-m4/"
            },
            "columnKind": "utf16CodeUnits",
            "results": []
          }
        ]
      }
      "
    `);
  });

  it("has a result for each failure, at its line", () => {
    const log = JSON.parse(sarif.print(failingReport())) as { runs: { results: unknown[] }[] };
    expect(log.runs[0]?.results).toMatchInlineSnapshot(`
      [
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "alloc-gen.json",
                },
                "region": {
                  "startColumn": 5,
                  "startLine": 10,
                },
              },
            },
          ],
          "message": {
            "text": "uniform, operation 41: malloc(24): the reference says offset 128, the C returned offset 136.
      The shortest sequence found that differs (3 operations):
        a 1 24
        f 1
        a 2 24
      At its end: malloc(24): the reference says offset 128, the C returned offset 136
      The reference's heap:
      [ref]
      The emulated heap:
      [emu]",
          },
          "partialFingerprints": {
            "check/v1": "app_heap/workload/uniform",
          },
          "ruleId": "difference",
          "ruleIndex": 0,
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "out/c/app_heap.c",
                },
                "region": {
                  "startLine": 120,
                },
              },
            },
          ],
          "message": {
            "text": "odd <&"|\`:,%, operation 41: write-unmapped: writes 4 bytes at 0x0 (app_heap.c:120).
      The shortest sequence found that differs (3 operations):
        a 1 24
        f 1
        a 2 24
      At its end: malloc(24): the reference says offset 128, the C returned offset 136
      The reference's heap:
      [ref]
      The emulated heap:
      [emu]",
          },
          "partialFingerprints": {
            "check/v1": "app_heap/workload/odd <&"|\`:,%",
          },
          "ruleId": "difference",
          "ruleIndex": 0,
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "alloc-gen.json",
                },
                "region": {
                  "startColumn": 5,
                  "startLine": 10,
                },
              },
            },
          ],
          "message": {
            "text": "odd <&"|\`:,%, operation 7: free takes 41 cycles, 40 were predicted for its path (1f with loops 0: 3).",
          },
          "partialFingerprints": {
            "check/v1": "app_heap/prediction/odd <&"|\`:,%",
          },
          "ruleId": "wrong-prediction",
          "ruleIndex": 1,
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "alloc-gen.json",
                },
              },
            },
          ],
          "message": {
            "text": "app_heap_usable_size: usable_size(offset 124): 28 in the reference, 24 on the core.
      Calls before it:
        init
        malloc(24)",
          },
          "partialFingerprints": {
            "check/v1": "app_heap/interface/functions",
          },
          "ruleId": "difference",
          "ruleIndex": 0,
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "alloc-gen.json",
                },
              },
            },
          ],
          "message": {
            "text": "malloc took 101 cycles, above its bound of 100.",
          },
          "partialFingerprints": {
            "check/v1": "app_heap/bound/malloc cycles",
          },
          "ruleId": "above-bound",
          "ruleIndex": 2,
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "alloc-gen.json",
                },
              },
            },
          ],
          "message": {
            "text": "malloc used 48 bytes of stack, above its bound of 40.",
          },
          "partialFingerprints": {
            "check/v1": "app_heap/bound/malloc stack",
          },
          "ruleId": "above-bound",
          "ruleIndex": 2,
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "alloc-gen.json",
                },
              },
            },
          ],
          "message": {
            "text": "malloc masked interrupts for 31 cycles, above its bound of 30.",
          },
          "partialFingerprints": {
            "check/v1": "app_heap/bound/malloc interrupt latency",
          },
          "ruleId": "above-bound",
          "ruleIndex": 2,
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "alloc-gen.json",
                },
                "region": {
                  "startColumn": 5,
                  "startLine": 20,
                },
              },
            },
          ],
          "message": {
            "text": "over budget: malloc mean cycles: 45.5, the limit is 45.",
          },
          "partialFingerprints": {
            "check/v1": "app_heap/budget/malloc mean cycles",
          },
          "ruleId": "over-budget",
          "ruleIndex": 3,
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "alloc-gen.json",
                },
                "region": {
                  "startColumn": 5,
                  "startLine": 20,
                },
              },
            },
          ],
          "message": {
            "text": "over budget: free bound cycles: no bound is proven, the limit is 80.",
          },
          "partialFingerprints": {
            "check/v1": "app_heap/budget/free bound cycles",
          },
          "ruleId": "over-budget",
          "ruleIndex": 3,
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "alloc-gen.baseline.json",
                },
              },
            },
          ],
          "message": {
            "text": "more than 1 % above the baseline: flash bytes: 600 before, 612 now (+2.00 %).",
          },
          "partialFingerprints": {
            "check/v1": "app_heap/baseline/flash bytes",
          },
          "ruleId": "regression",
          "ruleIndex": 4,
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "alloc-gen.json",
                },
              },
            },
          ],
          "message": {
            "text": "operation 12: malloc_caps(8) returns NULL in the reference, 0x8 on the core.",
          },
          "partialFingerprints": {
            "check/v1": "app/front/operations",
          },
          "ruleId": "difference",
          "ruleIndex": 0,
        },
      ]
    `);
  });

  it("is valid by the published schema", () => {
    expect(faultsOf(sarif.print(exampleReport()))).toBeNull();
    expect(faultsOf(sarif.print(failingReport()))).toBeNull();
    expect(faultsOf(sarif.print(failingReport()).replace('"ruleId"', '"rule"'))).not.toBeNull();
  });

  it("has a warning as a result of that level", () => {
    const log = JSON.parse(sarif.print(warningReport())) as { runs: { results: { level: string }[] }[] };
    expect(log.runs[0]?.results.map(({ level }) => level)).toEqual(["warning"]);
  });
});
