/** `alloc-gen certify`: the program that refutes a size does so on the core, and what is certified serves it there. */
import { describe, expect, test } from "vitest";
import { certifiedSize, defeatOf } from "../src/certify/certify.js";
import type { Demand } from "../src/certify/demand.js";
import { certify } from "../src/certify/run-certify.js";
import { makeCertificateReport } from "../src/report/certificate-report.js";
import { certificateText } from "../src/report/certificate-text.js";
import { resized } from "../src/sizing/sizing.js";
import { loadTarget } from "../src/targets/load.js";
import { makePlan } from "../src/policies/make-plan.js";
import type { Project } from "../src/pipeline.js";
import { bitmap, buddy, pool, segregated, sequential, testConfig } from "./support/configs.js";
import { drawnEngine } from "./support/core-engines.js";

const demand: Demand = { liveBytes: 1500, blocks: 60, smallest: 8, largest: 100 };
const policies = {
  "segregated fit": segregated(),
  "first fit": sequential({ wilderness: "none" }),
  "best fit": sequential({ fit: "best", order: "lifo" }),
  bitmap: bitmap(),
  buddies: buddy(),
};

function projectOf(policy: Parameters<typeof testConfig>[0]["policy"], target: string): Project {
  const config = testConfig({ policy, target, size: 4096 });
  const loaded = { config, file: "alloc-gen.json", sha256: "", neededBy: {} };
  const known = loadTarget(target);
  return { loaded, target: known, plan: makePlan(config, known) } as unknown as Project;
}

describe.each(["cortex-m4", "cortex-m0plus"])("on %s", (target) => {
  test.each(Object.entries(policies))("%s", async (_name, policy) => {
    const project = projectOf(policy, target);
    const certificate = await certify(project, demand, drawnEngine());
    const report = makeCertificateReport(certificate);
    expect(report.adversary).toMatchObject({ onCore: true });
    expect(report.enough.heapBytes).toBeGreaterThan(report.adversary?.heapBytes ?? Infinity);
    expect(certificateText.print(report)).toContain(`run on ${drawnEngine().name}`);
    // The size that is enough serves what refuted the one below.
    const size = certifiedSize(project.loaded.config, project.target, demand);
    if (typeof size === "string") throw new Error(size);
    expect(defeatOf(resized(project, size.heapBytes).plan, demand)).toBeUndefined();
  });
});

test("pools that lack blocks are told by class, and refuted on the core", async () => {
  const project = projectOf(
    pool(
      [
        [16, 20],
        [104, 10],
      ],
      { fallback: false },
    ),
    "cortex-m4",
  );
  const report = makeCertificateReport(await certify(project, demand, drawnEngine()));
  expect(report).toMatchObject({
    ok: false,
    isEnough: false,
    enough: { heapBytes: null, why: "blocks of 16: 60 needed, 20 there; blocks of 104: 60 needed, 10 there" },
    adversary: { heapBytes: 4096, onCore: true },
  });
});
