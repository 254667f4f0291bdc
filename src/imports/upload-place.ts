/** Where tools and Carrel keep what is no part of an agent's work: never listed as such, captured or restored. */
export const ASIDE = ".carrel";

/** Where an uploaded file waits in the agent's directory, and where it is unpacked. */
export function uploadPlace(uploadId: string): { directory: string; file: string; unpacked: string } {
  const directory = `${ASIDE}/import-${uploadId}`;
  return { directory, file: `${directory}/upload`, unpacked: `${directory}/unpacked` };
}
