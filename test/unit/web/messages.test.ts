import { createTranslator } from "next-intl";
import { expect, test } from "vitest";
import { LOCALES } from "#app/_locale/choose-locale.ts";
import en from "#app/_locale/en.json" with { type: "json" };
import ja from "#app/_locale/ja.json" with { type: "json" };
import ko from "#app/_locale/ko.json" with { type: "json" };

interface Tree {
  [key: string]: string | Tree;
}

const CATALOGUES: Record<(typeof LOCALES)[number], Tree> = { en, ko, ja };

function flatten(tree: Tree, prefix = ""): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[prefix + name, value]] : flatten(value, `${prefix}${name}.`),
  );
}

const entries = Object.fromEntries(LOCALES.map((locale) => [locale, new Map(flatten(CATALOGUES[locale]))]));
const placeholders = (text = "") =>
  [...text.matchAll(/\{(\w+)|<(\w+)>/g)].map(([, name, tag]) => name ?? tag).sort();

test.each(["ko", "ja"] as const)("%s has every message of en, and none besides", (locale) => {
  expect([...(entries[locale]?.keys() ?? [])].sort()).toEqual([...(entries.en?.keys() ?? [])].sort());
});

test.each(["ko", "ja"] as const)("the messages of %s name the same values as those of en", (locale) => {
  const different = [...(entries.en ?? [])].filter(([key, text]) => {
    const named = new Set(placeholders(text));
    return placeholders(entries[locale]?.get(key)).some((name) => !named.has(name));
  });
  expect(different).toEqual([]);
});

test.each(["ko", "ja"] as const)("no message of %s was left in English", (locale) => {
  const same = [...(entries.en ?? [])].filter(
    ([key, text]) => entries[locale]?.get(key) === text && /[a-z]{3}/i.test(text.replace(/\{\w+\}/g, "")),
  );
  expect(same).toEqual([]);
});

test.each(LOCALES)("every message of %s can be read", (locale) => {
  const broken: string[] = [];
  const t = createTranslator({
    locale,
    messages: CATALOGUES[locale] as never,
    onError: (error) => broken.push(error.message),
  });
  for (const [key, text] of entries[locale] ?? []) {
    const given = Object.fromEntries(placeholders(text).map((name) => [name, 2]));
    // What holds an element is drawn by the page, not formatted here.
    if (!/<\w+>/.test(text)) t(key as never, given as never);
  }
  expect(broken).toEqual([]);
});
