/** What each choice of the config costs, for `explain`. */
import { boundaryBits } from "../../header/boundary-tag.js";
import type { Choice } from "../policy.js";
import type { SegregatedFitNumbers, SegregatedFitPlan, SegregatedPoint } from "./types.js";

/** What a preset stands for. */
const purposes: Readonly<Record<SegregatedPoint, string>> = {
  default:
    "few cycles and little memory: headers up to 64 KiB, bits in larger heaps where the config allows them",
  fast: "the fewest cycles of the slowest call, and little flash",
  frugal: "the least memory in constant time",
};

/** The preset, and the keys that say the same. */
export function presetChoice({ policy, header }: SegregatedFitPlan): readonly Choice[] {
  const { preset, subdivisionBits, squares, probe, split, smallBelow, bits } = policy;
  if (preset === undefined) return [];
  const keys = [
    `subdivisions ${2 ** subdivisionBits}`,
    ...(squares ? ["spacing geometric"] : []),
    `probe ${probe}`,
    `split ${split}`,
    ...(split === "two-ended" ? [`smallBelow ${smallBelow}`] : []),
    `header.boundaryTag ${bits === undefined ? header.boundaryTag : boundaryBits}`,
  ];
  return [{ choice: `preset ${preset}`, costs: `${purposes[preset]}; here ${keys.join(", ")}` }];
}

export function choices({ policy, header, hardening }: SegregatedFitPlan): readonly Choice[] {
  return [
    {
      choice: `${policy.classes} size classes`,
      costs: `${policy.classes * header.links.bytes} B of list heads and ${4 * policy.bitmapWords + (policy.bitmapWords > 1 ? 4 : 0)} B of bitmap; a block is at most ${policy.squares ? "41 %" : `1/${2 ** policy.subdivisionBits}`} larger than its class's smallest size`,
    },
    {
      choice: `probe ${policy.probe ? "on" : "off"}`,
      costs: policy.probe
        ? "one more comparison, less memory: the request's own class is tried before larger ones"
        : "a block of the request's own class is used only if every block there fits",
    },
    ...deferredChoices(policy, header.links.bytes),
    ...(hardening === undefined
      ? []
      : [
          {
            choice: `hardening ${hardening.tier}`,
            costs: `${hardening.guard === undefined ? "no memory a block" : "a byte behind each request, which says where it ends"}: what follows a block or a list looks at it before it writes; docs/hardening.md has cycles and flash`,
          },
        ]),
  ];
}

/** What happens to freed blocks that are not merged at once. */
function deferredChoices({ quick, coalesce }: SegregatedFitNumbers, linkBytes: number): readonly Choice[] {
  const found: Choice[] = [];
  if (quick !== undefined) {
    const heads = `${quick.lists * linkBytes} B of list heads`;
    const most = `a request that would fail first flushes up to ${quick.most} blocks from the quick lists`;
    found.push({ choice: `quick lists up to ${quick.largestBytes} B`, costs: `${heads}; ${most}` });
  }
  if (coalesce === "deferred") {
    const costs = "free does not coalesce; a request that fails coalesces the whole heap and is tried again";
    found.push({ choice: "coalesce deferred", costs });
  }
  return found;
}
