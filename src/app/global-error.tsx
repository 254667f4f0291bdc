"use client";

import { useEffect, useState } from "react";
import { chooseLocale } from "#app/_locale/choose-locale.ts";
import { pageError as en } from "#app/_locale/en.json";
import { pageError as ja } from "#app/_locale/ja.json";
import { pageError as ko } from "#app/_locale/ko.json";

const TEXTS = { en, ko, ja };

/** When not even the frame of a page could be made (no database, say): plain, in the browser's language. */
export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const [locale, setLocale] = useState<keyof typeof TEXTS>("en");
  useEffect(() => setLocale(chooseLocale(navigator.languages.join(","))), []);
  const text = TEXTS[locale];
  return (
    <html lang={locale}>
      <body>
        <main>
          <h1>{text.title}</h1>
          <p>{text.text}</p>
          <button type="button" onClick={reset}>
            {text.again}
          </button>
          {error.digest ? <p>{text.reference.replace("{id}", error.digest)}</p> : null}
        </main>
      </body>
    </html>
  );
}
