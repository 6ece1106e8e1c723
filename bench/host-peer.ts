/**
 * The least heap of a peer, found on the host: its sources are built for 32 bits, so that its blocks are those of a core,
 * and a replay takes milliseconds. What is found is held against the emulated core on the traces as they are.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFolder } from "../src/package-folder.js";
import { lowerForPeer } from "../src/peers/lower-for-peer.js";
import { peerCalls, peerNames } from "../src/peers/peer-calls.js";
import type { Peer } from "../src/peers/peer.js";
import { leastEdge, type Edge } from "../src/sizing/least.js";
import { windowBytes } from "../src/sizing/sizing.js";
import { windowStep } from "../src/peers/least-heap.js";
import type { Trace } from "../src/traces/operation.js";
import { peakBytes } from "../src/traces/peak.js";

const step = 8;
/** Bytes of the largest heap, as in host-replay.c. */
const room = 2 * 1024 * 1024;

export class HostPeer {
  readonly #folder = mkdtempSync(join(tmpdir(), "alloc-gen-host-"));
  /** Of a peer whose heap is an array a program for each size; else one for all. */
  readonly #programs = new Map<number, string>();

  constructor(private readonly peer: Peer) {}

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /**
   * As `leastHeapOf` finds it on the core.
   * @param near where it is thought to be
   */
  async edge(trace: Trace, near?: number): Promise<Edge | undefined> {
    const { operations } = lowerForPeer(trace, false);
    const file = join(this.#folder, "operations");
    const { length, kind, argument } = operations;
    const head = Buffer.alloc(4);
    head.writeUInt32LE(length);
    const used = argument.slice(0, length);
    writeFileSync(file, Buffer.concat([head, kind.subarray(0, length), Buffer.from(used.buffer)]));
    const known = new Map<number, boolean>();
    const works = (size: number): boolean => {
      const before = known.get(size);
      if (before !== undefined) return before;
      const said = execFileSync(this.#program(size), [file, String(size)], { encoding: "utf8" });
      known.set(size, said === "y");
      return said === "y";
    };
    const around = near === undefined ? {} : { near };
    const from = peakBytes(trace, true);
    return leastEdge({ works, from, to: room, step, window: windowBytes, windowStep, ...around });
  }

  #program(size: number): string {
    const { heap } = this.peer;
    const key = heap.kind === "region" ? 0 : size;
    const known = this.#programs.get(key);
    if (known !== undefined) return known;
    const program = join(this.#folder, `peer-${key}`);
    const calls = join(this.#folder, "calls.c");
    writeFileSync(calls, peerCalls(this.peer));
    const { malloc, free } = peerNames(this.peer);
    const flags = [
      ...["-m32", "-malign-double", "-O2", "-w", "-fno-strict-aliasing"],
      ...this.peer.include.map((folder) => `-I${folder}`),
      ...this.peer.flags,
      ...(heap.kind === "array" ? [`-D${heap.bytes}=${size}`] : []),
      ...[`-DPEER_MALLOC=${malloc}`, `-DPEER_FREE=${free}`],
    ];
    const replay = join(packageFolder(), "bench", "host-replay.c");
    execFileSync("gcc", [...flags, ...this.peer.sources, calls, replay, "-o", program]);
    this.#programs.set(key, program);
    return program;
  }
}
