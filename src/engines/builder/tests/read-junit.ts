import { Parser } from "htmlparser2";
import type { ReadReport, TestReport } from "#engines/builder/tests/test-report.ts";

/** elements within each other; the parser's time grows with them, and no runner nests so deep */
const DEEPEST = 100;

interface Case {
  name: string;
  file: string;
  /** what it failed with; null: it did not */
  text: string | null;
  skipped: boolean;
}

/** The form of JUnit, as node:test and pytest write it: a `testcase` each, with a `failure`, `error` or `skipped` in it. */
export const readJunit: ReadReport = (xml) => {
  // One that broke off has no end; the parser would give it one.
  if (!xml.trimEnd().endsWith("</testsuites>")) return null;
  const reading = new Reading();
  new Parser(reading, { xmlMode: true }).end(xml);
  return reading.isTooDeep ? null : reading.report;
};

class Reading {
  readonly report: TestReport = { passed: 0, failed: 0, passing: [], failures: [] };
  isTooDeep = false;
  #parser: Parser | null = null;
  #depth = 0;
  #case: Case | null = null;
  /** the words of the failure that is being read */
  #failure: { message: string; text: string } | null = null;

  onparserinit(parser: Parser): void {
    this.#parser = parser;
  }

  onopentag(tag: string, { name = "", file = "", message = "" }: Record<string, string>): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST) {
      this.isTooDeep = true;
      this.#parser?.pause();
    }
    if (tag === "testcase") this.#case = { name, file, text: null, skipped: false };
    else if (tag === "skipped" && this.#case) this.#case.skipped = true;
    else if (tag === "failure" || tag === "error") this.#failure = { message, text: "" };
  }

  ontext(text: string): void {
    if (this.#failure) this.#failure.text += text;
  }

  onclosetag(tag: string): void {
    this.#depth -= 1;
    if ((tag === "failure" || tag === "error") && this.#failure) {
      const { message, text } = this.#failure;
      // Of several the first says why.
      if (this.#case) this.#case.text ??= [message, text.trim(), this.#case.file].filter(Boolean).join("\n");
      this.#failure = null;
    }
    if (tag === "testcase") this.#count();
  }

  #count(): void {
    if (!this.#case) return;
    const { name, text, skipped } = this.#case;
    this.#case = null;
    if (text !== null) {
      this.report.failed += 1;
      this.report.failures.push({ name, text });
    } else if (!skipped) {
      this.report.passed += 1;
      this.report.passing.push(name);
    }
  }
}
