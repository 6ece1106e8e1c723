/** The report of `alloc-gen certify`, as data. */
import type { Certificate } from "../certify/run-certify.js";
import { movesInPlace } from "../certify/certify.js";
import { theorems, type Theorem } from "../certify/theorems.js";

export interface CertificateReport {
  readonly version: 1;
  /** Whether the config's heap serves every sequence within the limits, and the core agrees with the reference. */
  readonly ok: boolean;
  /** Prefix of the heap's functions. */
  readonly name: string;
  readonly target: string;
  readonly engine: string;
  readonly policy: string;
  /** Functions that the sequences are of. */
  readonly functions: readonly string[];
  /** What the program keeps; blocks null: no limit. */
  readonly demand: {
    readonly liveBytes: number;
    readonly blocks: number | null;
    readonly smallest: number;
    readonly largest: number;
  };
  readonly liveBlockBytes: number;
  readonly heapBytes: number;
  readonly isEnough: boolean;
  /** Null with a reason: no size is known to be enough. */
  readonly enough:
    | {
        readonly heapBytes: number;
        readonly blockBytes: number;
        readonly theorem: Theorem;
        readonly says: string;
      }
    | { readonly heapBytes: null; readonly why: string };
  /** Null: no program was found that the heap does not serve. */
  readonly adversary: {
    /** The largest heap that was found not to serve it. */
    readonly heapBytes: number;
    readonly operations: number;
    /** Null: the target's RAM is too small for it, and the reference alone was asked. */
    readonly onCore: boolean | null;
    readonly difference?: string;
  } | null;
  /** Bytes of blocks, without which no allocator can do. */
  readonly neededByAny: number;
  readonly o1heapBytes: number;
  readonly proposals: readonly { readonly change: string; readonly heapBytes: number }[];
}

export function makeCertificateReport(certificate: Certificate): CertificateReport {
  const { project, demand, size, refutation, engine } = certificate;
  const { config } = project.loaded;
  const { plan } = project;
  const rule = plan.rules.fragmentation(plan);
  const difference = refutation?.onCore?.difference;
  return {
    version: 1,
    ok: certificate.isEnough && difference === undefined,
    name: config.name,
    target: project.target.name,
    engine: `${engine.name} ${engine.version}`,
    policy: config.policy.kind,
    functions: [
      "malloc",
      "free",
      ...(plan.api.calloc ? ["calloc"] : []),
      ...(plan.api.realloc && rule.kind === "finds" ? ["realloc"] : []),
    ],
    demand: { ...demand, blocks: demand.blocks === Infinity ? null : demand.blocks },
    liveBlockBytes: certificate.liveBlockBytes,
    heapBytes: plan.heapBytes,
    isEnough: certificate.isEnough,
    enough:
      typeof size === "string"
        ? { heapBytes: null, why: whyNone(certificate, size) }
        : { heapBytes: size.heapBytes, ...size.enough, says: theorems[size.enough.theorem] },
    adversary:
      refutation === undefined
        ? null
        : {
            heapBytes: refutation.heapBytes,
            operations: refutation.operations,
            onCore: refutation.onCore === undefined ? null : difference === undefined,
            ...(difference === undefined ? {} : { difference }),
          },
    neededByAny: certificate.neededByAny,
    o1heapBytes: certificate.o1heapBytes,
    proposals: certificate.proposals,
  };
}

function whyNone({ project: { plan } }: Certificate, found: string): string {
  const rule = plan.rules.fragmentation(plan);
  if (rule.kind === "unbounded") return rule.why;
  if (rule.kind === "buddies" && movesInPlace(plan))
    return "the theorem on buddies knows of no block that changes its size where it stands: leave realloc and aligned_alloc out";
  return found;
}
