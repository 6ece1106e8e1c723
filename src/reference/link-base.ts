/** What the links of a heap count from, and what ends its lists. */
import type { Plan } from "../plan/plan.js";

const areAddresses = ({ header: { links } }: Plan): boolean =>
  links.place === "intrusive" && links.addresses === true;

/** In memory a link is so much more than in the reference, which knows no addresses. */
export const linkBase = (plan: Plan, heapAddress: number): number => (areAddresses(plan) ? heapAddress : 0);

/** The link where a list ends, in the reference. */
export const listEnd = (plan: Plan): number =>
  areAddresses(plan) ? (plan.control.find(({ name }) => name === "none")?.offset ?? 0) : 0;
