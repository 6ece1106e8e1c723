/** Registers as values. */
import { constant, register, type Expression } from "../../semantics.js";

/** What a register holds: x0 is the constant 0. */
export const value = (number: number): Expression => (number === 0 ? constant(0) : register(number));
