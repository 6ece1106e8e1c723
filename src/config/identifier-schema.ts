/** Names of C as the config file says them. */
import { z } from "zod";

/** What `identifierSchema` takes. */
export const identifierPattern = /^[A-Za-z_]\w*$/;

export const identifierSchema = z.string().regex(identifierPattern);
