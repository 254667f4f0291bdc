import "@mantine/core/styles.css";
import "@mantine/charts/styles.css";
import "@mantine/spotlight/styles.css";
import "#ui/base.css";
import { ColorSchemeScript, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { getLocale, getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { readViewer } from "#app/_shell/read-viewer.ts";
import { Providers } from "#app/providers.tsx";
import { GROUND } from "#ui/theme.ts";

export const metadata: Metadata = {
  title: { default: "Carrel", template: "%s · Carrel" },
  description: "A private desk for AI agents that plan, write, test and repair.",
  icons: { icon: { url: "/icons/idle.svg", type: "image/svg+xml" } },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: GROUND.light },
    { media: "(prefers-color-scheme: dark)", color: GROUND.dark },
  ],
};

/** Pages are made for each request: they carry its nonce and its reader's language. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, messages, viewer, asked] = await Promise.all([
    getLocale(),
    getMessages(),
    readViewer(),
    headers(),
  ]);
  const nonce = /'nonce-([^']+)'/.exec(asked.get("content-security-policy") ?? "")?.[1];
  return (
    <html lang={locale} {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} />
      </head>
      <body>
        <Providers locale={locale} messages={messages} timeZone={viewer?.timeZone ?? null} now={Date.now()}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
