/** What the templates of the functions beside malloc and free are given. */
import type { Plan } from "../plan/plan.js";
import type { View } from "./view.js";

export function apiView(plan: Plan): View {
  const { api, header } = plan;
  return {
    ...api,
    words: api.calloc || api.realloc,
    clears: api.calloc,
    copies: api.realloc,
    // Blocks are whole granules: behind a header of whole words the payload is too.
    wholeWords: header.bytes % 4 === 0,
  };
}
