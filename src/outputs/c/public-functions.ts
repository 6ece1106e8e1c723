/** The functions that a heap's header declares, in its order. */
import { tagBits } from "../../header/facts.js";
import type { Plan } from "../../plan/plan.js";

/** Which definition a public function has: the policy says for most of them where it is. */
export type Definition =
  | { readonly shared: string }
  | {
      readonly ofPolicy:
        | "malloc"
        | "free"
        | "realloc"
        | "alignedAlloc"
        | "usableSize"
        | "walk"
        | "check"
        | "stats"
        | "largestRequest";
    };

export interface PublicFunction {
  /** In C. */
  readonly name: string;
  /** Template of its comment and prototype: templates/<declaration>.h.hbs */
  readonly declaration: string;
  readonly definition: Definition;
}

export function publicFunctions(plan: Plan): readonly PublicFunction[] {
  const { api } = plan;
  const hasTag = tagBits(plan.header) > 0;
  const of = (suffix: string, declaration: string, definition: Definition): PublicFunction => ({
    name: `${plan.name}_${suffix}`,
    declaration: `api/${declaration}`,
    definition,
  });
  const init = initTemplate(plan);
  return [
    of("init", init, { shared: `api/${init}` }),
    of("malloc", "malloc", hasTag ? { shared: "api/malloc-untagged" } : { ofPolicy: "malloc" }),
    ...(hasTag ? [of("malloc_tagged", "malloc-tagged", { ofPolicy: "malloc" })] : []),
    of("free", "free", { ofPolicy: "free" }),
    ...(api.calloc ? [of("calloc", "calloc", { shared: callocTemplate(plan) })] : []),
    ...(api.realloc ? [of("realloc", "realloc", { ofPolicy: "realloc" })] : []),
    ...(api.alignedAlloc ? [of("aligned_alloc", "aligned-alloc", { ofPolicy: "alignedAlloc" })] : []),
    ...(api.usableSize ? [of("usable_size", "usable-size", { ofPolicy: "usableSize" })] : []),
    ...(api.walk ? [of("walk", "walk", { ofPolicy: "walk" })] : []),
    ...(api.check ? [of("check", "check", { ofPolicy: "check" })] : []),
    ...(api.stats ? [of("stats", "stats", { ofPolicy: "stats" })] : []),
    ...(api.counters
      ? [
          of("counters", "counters", { shared: "api/counters" }),
          of("reset_peak", "reset-peak", { shared: "api/reset-peak" }),
        ]
      : []),
    ...(api.largestRequest ? [of("largest_request", "largest-request", { ofPolicy: "largestRequest" })] : []),
    ...(api.stats && hasTag ? [of("tagged_bytes", "tagged-bytes", { shared: "blocks/tagged-bytes" })] : []),
  ];
}

/** Functions that the C calls and the user defines. */
export const hooks = ({
  api,
  name,
  hardening,
}: Plan): readonly Pick<PublicFunction, "name" | "declaration">[] => [
  ...(api.failureHook ? [{ name: `${name}_failed`, declaration: "api/failed" }] : []),
  ...(hardening === undefined ? [] : [{ name: hardening.hook, declaration: "hardening/fault" }]),
];

/** Largest request of which 4095 fit in 32 bits: then a single comparison of each factor tells whether the product does. */
const mostOfSmall = Math.floor(0xffff_ffff / 4095);

const callocTemplate = ({ maximumRequestBytes, multiplies }: Plan): string =>
  `api/calloc${maximumRequestBytes <= mostOfSmall ? "" : "-large"}${multiplies ? "" : "-adding"}`;

/** Behind the functions of the policy alone. */
export const lastFunctions = ({ owned, tellsStart, name, upTo }: Plan): readonly PublicFunction[] => [
  ...(tellsStart
    ? [{ name: `${name}_start`, declaration: "api/start", definition: { shared: "api/start" } }]
    : []),
  ...(owned
    ? [
        {
          name: `${name}_owns`,
          declaration: "api/owns",
          definition: { shared: upTo === undefined ? "api/owns" : "api/owns-up-to" },
        },
      ]
    : []),
];

function initTemplate({ placement, upTo }: Plan): string {
  const size = upTo === undefined ? "" : "-up-to";
  if (placement.kind !== "runtime") return `init-${placement.kind}${size}`;
  return `${placement.instances === "many" ? "init-instance" : "init-runtime"}${size}`;
}
