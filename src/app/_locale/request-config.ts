import { headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { chooseLocale, isLocale, type Locale } from "#app/_locale/choose-locale.ts";
import type en from "#app/_locale/en.json";
import { readViewer } from "#app/_shell/read-viewer.ts";

const CATALOGUES: Record<Locale, () => Promise<{ default: typeof en }>> = {
  en: () => import("#app/_locale/en.json"),
  ko: () => import("#app/_locale/ko.json"),
  ja: () => import("#app/_locale/ja.json"),
};

/** The viewer's own language and zone; a stranger's browser says its language, and its zone once it is there. */
export default getRequestConfig(async () => {
  const viewer = await readViewer();
  const locale = isLocale(viewer?.locale)
    ? viewer.locale
    : chooseLocale((await headers()).get("accept-language"));
  return {
    locale,
    messages: (await CATALOGUES[locale]()).default,
    timeZone: viewer?.timeZone ?? "UTC",
    now: new Date(),
  };
});
