/** Every count and size of the builder in one place. Times in milliseconds. */

/** tokens of one answer, with room for what the model thinks before it; what is longer is continued */
export const ANSWER_TOKENS = 32_000;

/** How often an answer that was cut off is asked to go on: at 300 tokens an answer that is a file of about 70 kB. */
export const CONTINUATIONS = 64;

/** UTF-16 units of one answer with all its continuations; far above what a model writes that means well */
export const ANSWER_MOST = 2 * 1024 * 1024;

/** How often the model may mend an answer that does not hold. */
export const FORM_TRIES = 3;

/**
 * A call that says nothing for this long is given up. A model may think for minutes without a word, and the pings that
 * it sends meanwhile are not seen here.
 */
export const SILENCE_MS = 300_000;

/** How often failing checks go back to the model, as long as it makes headway. */
export const REPAIRS = 5;

/** After so many attempts that brought nothing, one more is made another way, and if that brings nothing the last. */
export const FRUITLESS_REPAIRS = 2;

/** of the files that exist, the architect gets to see this many names and sizes */
export const EXISTING_NAMED = 1_000;

/** characters of the interfaces that the architect sees of what exists, all together */
export const OUTLINE_MOST = 40_000;

/** programs that are read for their interfaces, and the bytes up to which one is */
export const OUTLINED_FILES = 200;
export const OUTLINED_FILE_MOST = 100_000;

/** characters of the project's own words to agents (AGENTS.md) */
export const GUIDANCE_MOST = 16_000;

/** bytes of one file */
export const FILE_MOST = 2 * 1024 * 1024;

/** Files of one run that are written at the same time. */
export const FILES_AT_ONCE = 8;

/** characters up to which a file is shown whole to who depends on it; of a longer one its interface is */
export const WHOLE_DEPENDENCY = 6_000;

/** A program that is to show itself at work comes to its end within this. */
export const RUN_MS = 60_000;

/** A server has answered within this, from its start on. */
export const ANSWERS_WITHIN_MS = 30_000;

/** One command that installs packages; what the workspace lets a command take. */
export const INSTALL_MS = 300_000;

/** characters of files that the repairer gets to see */
export const FILES_SHOWN = 120_000;

/** bytes of what the implementer is told, and of what stands around its question */
export const PROMPT_OF_ROLE = 700;

/**
 * Tokens of a file that is written, by its planned complexity. Low: what nine in ten of the demo model's files have at
 * least (68 and 442 bytes). High: a long one of its kind (6, 20 and 56 kB), or a shorter one with what is thought before.
 */
export const TOKENS_OF_FILE = {
  low: { low: 20, high: 1_500 },
  medium: { low: 120, high: 5_000 },
  high: { low: 400, high: 14_000 },
};
