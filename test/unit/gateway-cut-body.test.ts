import { expect, it } from "vitest";
import { cutBody, fullBytes, joinBody } from "#gateway/http/cut-body.ts";

const LONG = "iVBORw0KGgo".repeat(20_000);

function roundTrip(value: unknown): { cut: number; text: unknown; same: boolean } {
  const raw = Buffer.from(JSON.stringify(value));
  const { text, parts } = cutBody(raw);
  const joined = Buffer.concat(joinBody(Buffer.from(JSON.stringify(JSON.parse(text.toString()))), parts));
  expect(fullBytes(text, parts)).toBe(raw.length);
  return { cut: parts.size, text: JSON.parse(text.toString()), same: joined.equals(raw) };
}

it("cuts long plain strings out, and puts them back byte for byte where they were", () => {
  const found = roundTrip({ a: `data:image/png;base64,${LONG}`, 세: ["short", LONG, { b: LONG }], z: '\\"' });
  expect(found).toMatchObject({ cut: 3, same: true });
  expect((found.text as { a: string }).a).toMatch(/^data:image\/png;base64,/);
  expect(JSON.stringify(found.text).length).toBeLessThan(1000);
});

it("leaves what is not plain: other letters, escapes, and bodies that are no JSON", () => {
  expect(roundTrip({ a: "한국어".repeat(50_000) })).toMatchObject({ cut: 0, same: true });
  expect(roundTrip({ a: `${"a\n".repeat(50_000)}\\` })).toMatchObject({ cut: 0, same: true });
  const broken = Buffer.from(`{"a": "${LONG}`);
  expect(cutBody(broken).text.equals(broken)).toBe(true);
  const quotes = Buffer.from('"'.repeat(100_001));
  expect(Buffer.concat(joinBody(cutBody(quotes).text, cutBody(quotes).parts)).equals(quotes)).toBe(true);
});
