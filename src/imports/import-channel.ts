/** The channel on which runners hear that there is something to import. The rows are the truth. */
export const IMPORT_CHANNEL = "carrel_imports";
