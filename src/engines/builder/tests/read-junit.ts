import type { ReadReport, TestReport } from "#engines/builder/tests/test-report.ts";

// What is not closed reaches to the end, so that a report full of openings is still read once.
const TAG =
  /<(\/?)(testcase|failure|error|skipped)((?:\s+[\w:.-]+="[^"]*")*)\s*(\/?)>|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)/g;

/** The form of JUnit, as node:test and pytest write it: a `testcase` each, with a `failure`, `error` or `skipped` in it. */
export const readJunit: ReadReport = (xml) => {
  if (!xml.trimEnd().endsWith("</testsuites>")) return null;
  const report: TestReport = { passed: 0, failed: 0, passing: [], failures: [] };
  let current: { name: string; file: string; text: string | null; skipped: boolean } | null = null;
  let inside: { from: number; message: string } | null = null;
  const end = () => {
    if (!current) return;
    if (current.text !== null) {
      report.failed += 1;
      report.failures.push({ name: current.name, text: current.text });
    } else if (!current.skipped) {
      report.passed += 1;
      report.passing.push(current.name);
    }
    current = null;
  };
  for (const found of xml.matchAll(TAG)) {
    const [, closing, tag, given = "", empty] = found;
    if (tag === "testcase") {
      end();
      const { name = "", file = "" } = attributes(given);
      if (!closing) current = { name, file, text: null, skipped: false };
      if (empty) end();
    } else if (!current) continue;
    else if (tag === "skipped") current.skipped = true;
    else if (tag && !closing) {
      inside = { from: found.index + found[0].length, message: attributes(given).message ?? "" };
      if (empty) current.text ??= `${inside.message}\n${current.file}`;
    } else if (tag && inside) {
      const text = plain(xml.slice(inside.from, found.index)).trim();
      current.text ??= [inside.message, text, current.file].filter(Boolean).join("\n");
      inside = null;
    }
  }
  return report;
};

function attributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w:.-]+)="([^"]*)"/g)];
  return Object.fromEntries(pairs.map(([, name, value = ""]) => [name, plain(value)]));
}

const NAMED: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function plain(text: string): string {
  return text.replaceAll(
    /&(?:#(x?)([\da-fA-F]{1,6})|(lt|gt|quot|apos|amp));/g,
    (whole, hex, digits, name) => {
      if (name) return NAMED[name] ?? whole;
      const code = Number.parseInt(digits, hex ? 16 : 10);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
