import type en from "#app/_locale/en.json";

declare module "next-intl" {
  interface AppConfig {
    Locale: "en" | "ko" | "ja";
    Messages: typeof en;
  }
}
