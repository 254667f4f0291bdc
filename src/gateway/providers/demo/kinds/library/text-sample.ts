import type { Design } from "../../design.ts";

/** The text of the examples: the request's own words when the library stands in for another program. */
export const sampleOf = (design: Design) => design.subject || "The tea is hot. The tea is good!";
