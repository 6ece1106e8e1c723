import { expect, it } from "vitest";
import { witnessedText } from "./witnessed-text.js";

const shares = {
  workloads: { witnessed: 55296, of: 291683 },
  directed: { witnessed: 26397, of: 26397 },
  calls: { witnessed: 435, of: 435 },
};

it("tells who witnessed how much of what", () => {
  expect(witnessedText({ by: "unicorn 2.0.1", ...shares })).toBe(
    "by unicorn 2.0.1: 55,296 of 291,683 operations of the workloads, every path among them, all 26,397 directed ones, all 435 calls",
  );
});

it("tells why nobody did", () => {
  expect(witnessedText({ reason: "libunicorn was not found", ...shares })).toBe(
    "by no other engine: libunicorn was not found",
  );
});
