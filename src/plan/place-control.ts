/** Places of the control data's members. */
import { offset, roundUp } from "../units.js";
import type { ControlField } from "./plan.js";
import type { ControlMember } from "./policy-part.js";

/** The members one behind the other, as C lays out a struct of them; `end` is the struct's size in bytes. */
export function placeControl(members: readonly ControlMember[]): {
  readonly control: readonly ControlField[];
  readonly end: number;
} {
  let at = 0;
  const control = members.map((member) => {
    at = roundUp(at, member.bytes);
    const field = { ...member, offset: offset(at) };
    at += member.bytes * member.count;
    return field;
  });
  // The C struct ends on a multiple of its widest member.
  return { control, end: roundUp(at, Math.max(...members.map((member) => member.bytes))) };
}
