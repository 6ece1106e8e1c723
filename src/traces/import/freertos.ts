/**
 * What FreeRTOS' macros traceMALLOC and traceFREE print when they are defined as docs/traces.md says:
 * `traceMALLOC(ADDRESS, SIZE)` and `traceFREE(ADDRESS, SIZE)`. The kernel calls them with these two arguments in
 * portable/MemMang/heap_1.c to heap_5.c; heap_2, heap_4 and heap_5 have added their block header to the size by then.
 */
import { linesOf } from "./lines.js";
import { addressPattern, parseAddress, parseCount } from "./numbers.js";
import { countLines, type Importer } from "./source.js";

const call = new RegExp(
  String.raw`(?:@t[ \t]+(\d+)[ \t]+)?\btrace(MALLOC|FREE)\(\s*(${addressPattern})\s*(?:,\s*(\d+)\s*)?\)`,
  "g",
);

export const freertos: Importer = {
  name: "freertos",
  holds: 'lines with "traceMALLOC(ADDRESS, SIZE)" and "traceFREE(ADDRESS, SIZE)"',
  recognise: (source) => countLines(source, /\btrace(?:MALLOC|FREE)\(\s*[0-9a-fA-Fx(]/),
  *events({ pieces }) {
    for (const { text, number } of linesOf(pieces())) {
      if (!text.includes("trace")) continue;
      const place = { line: number };
      let found = 0;
      for (const [, ticks, which, where, bytes] of text.matchAll(call)) {
        found++;
        const [address, size, time] = [parseAddress(where), parseCount(bytes), parseCount(ticks)];
        const told = { place, ...(time === undefined ? {} : { time }) };
        if (address === undefined || (which === "MALLOC" && size === undefined)) {
          yield { kind: "unreadable", place, what: malformed };
        } else if (which === "FREE") {
          if (address !== 0) yield { kind: "free", address, ...told };
        } else if (address === 0) yield { kind: "failed", request: "malloc", size: size ?? 0, ...told };
        else yield { kind: "malloc", address, size: size ?? 0, ...told };
      }
      if (found < (text.match(/\btrace(?:MALLOC|FREE)\(/g)?.length ?? 0)) {
        yield { kind: "unreadable", place, what: malformed };
      }
    }
  },
};

const malformed =
  "found a traceMALLOC or traceFREE that cannot be read (allowed: traceMALLOC(ADDRESS, SIZE), traceFREE(ADDRESS, SIZE), addresses hexadecimal, sizes decimal)";
