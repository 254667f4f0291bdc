import { useTranslations } from "next-intl";

/** A step's key is "r<round>/<kind>" or "r<round>/<kind>:<what>". */
export function readStepKey(key: string): { kind: string; what: string | null; round: number } {
  const [, round = "1", rest = key] = /^r(\d+)\/(.*)$/s.exec(key) ?? [];
  const colon = rest.indexOf(":");
  if (colon < 0) return { kind: rest, what: null, round: Number(round) };
  return { kind: rest.slice(0, colon), what: rest.slice(colon + 1), round: Number(round) };
}

/** Steps that are known by their key are said in the reader's language; the others by their own title. */
export function useStepWords() {
  const t = useTranslations("step");
  return {
    /** the line in the timeline: "Write app.py" */
    line(step: { key: string; title: string }): string {
      const { kind, what } = readStepKey(step.key);
      const key = `${kind}.line` as never;
      return t.has(key) ? t(key, { what: what ?? "" } as never) : step.title;
    },
    /** one word for what goes on: "Testing" */
    doing(step: { key: string; title: string }): string {
      const { kind } = readStepKey(step.key);
      const key = `${kind}.doing` as never;
      return t.has(key) ? t(key) : step.title;
    },
  };
}
