/**
 * The templates of JavaScript carry the types of TypeScript between ‹ and ›, so that one text is both programs: without
 * what stands between the marks it is JavaScript, with it TypeScript. `quote` keeps the marks out of a person's words.
 */
const MARKED = /‹([^‹›]*)›/g;

/** The template as JavaScript. */
export function withoutTypes(template: string): string {
  return template.replace(MARKED, "");
}
