/** Something failed on the thread that is not the guest's fault: replay without it to find what. */
export class AheadError extends Error {}
