/** The languages of people whose requests the demo model answers. */
export type Human = "en" | "ko" | "ja";
/** One text in each of them. */
export type Texts = Record<Human, string>;
export const LANGUAGES = ["python", "javascript", "typescript"] as const;
export type Language = (typeof LANGUAGES)[number];
export const KINDS = ["cli", "library", "report", "service", "page", "game", "crawler"] as const;
export type Kind = (typeof KINDS)[number];

/** A change that was asked for after the first version, in the user's words. */
export interface Note {
  asked: string;
  /** false: the script cannot make this change and only wrote it down */
  done: boolean;
}

/** Everything that decides the text of a generated project: one design always renders the same files. */
export interface Design {
  kind: Kind;
  variant: string;
  language: Language;
  human: Human;
  /** folder, package and command: ASCII, safe in both languages */
  name: string;
  /** the name as the user wrote it */
  title: string;
  /** what the program is about, in the user's words; empty when the variant says it all */
  subject: string;
  fields: string[];
  items: string[];
  /** one for each item, or empty */
  numbers: number[];
  /** labels that a report takes from the request: [what is measured, by what]; empty: the variant's own */
  labels: string[];
  json: boolean;
  emptyTest: boolean;
  /** the first writing of the library carries a small mistake */
  fault: boolean;
  /** nothing in the script matched the request: this is the nearest thing */
  fallback: boolean;
  /** the agent began with code that has a README: it stays as it is, and none is written */
  keepsReadme: boolean;
  notes: Note[];
}

const LISTS = ["fields", "items", "labels"] as const;
const FLAGS = ["json", "emptyTest", "fault", "fallback", "keepsReadme"] as const;
const RESERVED = /[%;,=[\]\n\r]/g;

const escapeValue = (text: string) =>
  text.replace(
    RESERVED,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
  );
const readValue = (text: string) =>
  text.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/**
 * The design as one readable line for the plan's test strategy. The calls of a run share nothing but the plan, so
 * the writer and the repairer find here what the architect took from the request.
 */
export function writeStamp(design: Design): string {
  const parts = [
    `demo ${design.kind}/${design.variant}`,
    design.language,
    design.human,
    `name=${design.name}`,
    `title=${escapeValue(design.title)}`,
  ];
  if (design.subject) parts.push(`subject=${escapeValue(design.subject)}`);
  for (const list of LISTS) {
    if (design[list].length > 0) parts.push(`${list}=${design[list].map(escapeValue).join(",")}`);
  }
  if (design.numbers.length > 0) parts.push(`numbers=${design.numbers.join(",")}`);
  const flags = FLAGS.filter((flag) => design[flag]);
  if (flags.length > 0) parts.push(`flags=${flags.join(",")}`);
  if (design.notes.length > 0) {
    parts.push(
      `notes=${design.notes.map((note) => (note.done ? "+" : "?") + escapeValue(note.asked)).join(",")}`,
    );
  }
  return `[${parts.join("; ")}]`;
}

const STAMP = new RegExp(
  `\\[demo (${KINDS.join("|")})/([a-z]+); (${LANGUAGES.join("|")}); (en|ko|ja); ([^\\]]*)\\]`,
);

/** The design that a plan's text carries, or null when the plan is not the demo model's. */
export function readStamp(text: string): Design | null {
  const stamp = STAMP.exec(text);
  if (!stamp) return null;
  const values = new Map(
    (stamp[5] ?? "").split("; ").map((part) => {
      const at = part.indexOf("=");
      return [part.slice(0, at), part.slice(at + 1)] as const;
    }),
  );
  const list = (key: string) => values.get(key)?.split(",").map(readValue) ?? [];
  const flags = new Set(list("flags"));
  const name = values.get("name") ?? "";
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return null;
  return {
    kind: stamp[1] as Kind,
    variant: stamp[2] as string,
    language: stamp[3] as Language,
    human: stamp[4] as Human,
    name,
    title: readValue(values.get("title") ?? name),
    subject: readValue(values.get("subject") ?? ""),
    fields: list("fields"),
    items: list("items"),
    numbers: list("numbers").map(Number).filter(Number.isFinite),
    labels: list("labels"),
    json: flags.has("json"),
    emptyTest: flags.has("emptyTest"),
    fault: flags.has("fault"),
    fallback: flags.has("fallback"),
    keepsReadme: flags.has("keepsReadme"),
    notes: list("notes").map((note) => ({ done: note.startsWith("+"), asked: note.slice(1) })),
  };
}
