"use client";

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type Messages, NextIntlClientProvider } from "next-intl";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { ApiProblem } from "#app/_data/call-api.ts";
import type { Locale } from "#app/_locale/choose-locale.ts";
import { cssVariables, makeTheme } from "#ui/theme.ts";

interface ProvidersProps {
  children: ReactNode;
  locale: Locale;
  messages: Messages;
  /** the person's own zone; null follows the browser */
  timeZone: string | null;
  now: number;
}

export function Providers({ children, locale, messages, timeZone, now }: ProvidersProps) {
  const theme = useMemo(() => makeTheme(locale), [locale]);
  const [client] = useState(makeQueryClient);
  const zone = useZone(timeZone);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <NextIntlClientProvider locale={locale} messages={messages} timeZone={zone} now={new Date(now)}>
        <QueryClientProvider client={client}>{children}</QueryClientProvider>
      </NextIntlClientProvider>
    </MantineProvider>
  );
}

/** A refusal stays a refusal however often it is asked; only what did not arrive is asked again. */
function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) =>
          count < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 500),
      },
    },
  });
}

function useZone(own: string | null): string {
  const [zone, setZone] = useState(own ?? "UTC");
  useEffect(() => setZone(own ?? Intl.DateTimeFormat().resolvedOptions().timeZone), [own]);
  return zone;
}
