/**
 * Calls before init, as a program makes them that has just started: what init would write is zero, or the heap has no
 * place yet. Requests fail, all else does nothing.
 */
import type { Plan } from "../../plan/plan.js";
import { describeBool, type GuestHeap } from "./guest-heap.js";
import type { Observation } from "./probe.js";

/** Words of the structure that stats fills. */
const figures = 7;

/** Nothing where the heap's memory need not be zero before init: the header says so. */
export function* callsBeforeInit(
  guest: GuestHeap,
  plan: Plan,
): Iterable<readonly [role: string, observation: Observation]> {
  const { placement, maximumRequestBytes: most } = plan;
  if (placement.kind === "linker" || (placement.kind === "static" && placement.section !== undefined)) return;
  // A heap in a variable has its control data there; one that has no place is NULL.
  if (placement.kind === "static") guest.bytes.fill(0);
  const isMany = placement.kind === "runtime" && placement.instances === "many";
  const call = (role: string, ...words: readonly number[]) =>
    isMany ? guest.callWithout(role, ...words) : guest.call(role, ...words);

  function* expecting(
    role: string,
    expected: string,
    found: string,
  ): Iterable<readonly [string, Observation]> {
    if (guest.has(role)) yield [role, { call: `${role} before init`, expected, found }];
  }
  const address = (role: string, ...words: readonly number[]): string =>
    guest.has(role) ? guest.tell(call(role, ...words), guest.describeAddress) : "";
  const ends = (role: string, ...words: readonly number[]): string =>
    guest.has(role) ? guest.tell(call(role, ...words), () => "returns") : "";

  for (const size of [1, Math.ceil(most / 2), most]) {
    yield* expecting("malloc", "NULL", address("malloc", size));
    yield* expecting("malloc_tagged", "NULL", address("malloc_tagged", size, 1));
    yield* expecting("calloc", "NULL", address("calloc", 1, size));
    yield* expecting("realloc", "NULL", address("realloc", 0, size));
    yield* expecting("aligned_alloc", "NULL", address("aligned_alloc", plan.alignment, size));
    yield* expecting("aligned_alloc", "NULL", address("aligned_alloc", plan.maximumAlignment, size));
  }
  yield* expecting("free", "returns", ends("free", 0));
  yield* expecting(
    "walk",
    "returns",
    ends(
      "walk",
      guest.callback("visit", () => 1),
      0,
    ),
  );
  yield* expecting("check", "returns", ends("check", 0));
  const out = guest.has("stats") ? guest.out(figures) : undefined;
  if (out !== undefined) {
    yield* expecting("stats", "returns", ends("stats", out.address));
    yield* expecting("stats", "0", String(out.read()[0]));
  }
  if (placement.kind === "static") return;
  // An address that is no heap's: nothing is read or written.
  const stray = guest.out(4).address + 8;
  const unchanged = guest.caller.save();
  yield* expecting("free", "returns", ends("free", stray));
  yield* expecting("realloc", "NULL", address("realloc", stray, 8));
  const owns = guest.has("owns") ? guest.tell(call("owns", 1), describeBool) : "";
  yield* expecting("owns", "false", owns);
  yield* expecting("free", "no effect", guest.changeSince(unchanged));
}
