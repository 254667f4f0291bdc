import type { Design, Kind, Language } from "./design.ts";
import { askedHuman, askedLanguage } from "./detect-language.ts";
import { readFields, readListed, readPairs } from "./read-details.ts";
import { readRename } from "./read-name.ts";

const EMPTY_TEST =
  /\btests?\b[^\n]*\b(empty|blank|nothing|no input)|\b(empty|blank)\b[^\n]*\btests?\b|빈\s?[^\n]*테스트|테스트[^\n]*(빈|비어)|空[^\n]*テスト|テスト[^\n]*空/i;
const ANOTHER_TEST = /\b(add|more|another|write)\b[^\n]*\btests?\b|테스트[^\n]*추가|テスト[^\n]*(追加|増や)/i;

const OTHER_LANGUAGE =
  /\b(rewrite|port|convert|translate|switch|change|move|redo)\b|\binstead\b|바꿔|변경|다시|옮겨|書き直|書き換|変更|移植|変えて/i;

/** Kinds of program with an output for people that can be had as JSON, too. */
export const PRINTS_JSON: ReadonlySet<Kind> = new Set<Kind>(["cli", "report", "crawler"]);

/** One way in which a change can touch the design; null when the text does not ask for it. */
type Change = (design: Design, text: string, offered: Language[]) => Partial<Design> | null;

const CHANGES: Change[] = [
  (design, text) => {
    const title = readRename(text);
    return title && title !== design.title ? { title } : null;
  },
  (design, text) =>
    PRINTS_JSON.has(design.kind) && !design.json && /json/i.test(text) ? { json: true } : null,
  (design, text) => {
    const human = askedHuman(text);
    return human && human !== design.human ? { human } : null;
  },
  (design, text, offered) => {
    const language = askedLanguage(text);
    if (!OTHER_LANGUAGE.test(text) || !language || !offered.includes(language)) return null;
    return language === design.language ? null : { language };
  },
  (design, text) =>
    !design.emptyTest && (EMPTY_TEST.test(text) || ANOTHER_TEST.test(text)) ? { emptyTest: true } : null,
  (design, text) => {
    const keeps = ["todo", "notes", "expenses", "records"].includes(design.variant);
    const added = keeps ? readFields(text).filter((field) => !design.fields.includes(field)) : [];
    return added.length > 0 ? { fields: [...design.fields, ...added] } : null;
  },
  changeData,
];

/** Other numbers for a report, or more of them. */
function changeData(design: Design, text: string): Partial<Design> | null {
  if (design.kind !== "report") return null;
  const { items, numbers } = readPairs(text, 1);
  if (items.length > 1 || design.items.includes(items[0] ?? "")) {
    const all = new Map(design.items.map((item, index) => [item, design.numbers[index] ?? 0]));
    if (design.numbers.length === 0) all.clear();
    for (const [index, item] of items.entries()) all.set(item, numbers[index] ?? 0);
    return { items: [...all.keys()], numbers: [...all.values()] };
  }
  const listed = readListed(text);
  return listed.length > 0 ? { items: listed, numbers: [] } : null;
}

/**
 * The design after a request for changes. What the script can do is done; what it cannot is written down, and one
 * more test is added so that the round shows something that was really checked.
 */
export function applyChange(design: Design, request: string, offered: Language[]): Design {
  const text = request.normalize("NFC");
  let next: Design = { ...design, fault: false };
  let done = false;
  for (const change of CHANGES) {
    const part = change(next, text, offered);
    if (!part) continue;
    next = { ...next, ...part };
    done = true;
  }
  if (!done) next.emptyTest = true;
  const asked = [...text.replace(/\s+/g, " ").trim()].slice(0, 160).join("");
  return { ...next, notes: [...next.notes, { asked, done }].slice(-20) };
}
