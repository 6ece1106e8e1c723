/** What the keys of the schema are described with: editors show it. */
import { z } from "zod";

export const about = <S extends z.ZodType>(schema: S, description: string): S => schema.meta({ description });

/** The word that tells the members of a union apart. */
export const kind = <K extends string>(name: K, description: string) => about(z.literal(name), description);
