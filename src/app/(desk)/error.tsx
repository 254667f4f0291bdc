"use client";

import { useTranslations } from "next-intl";
import { ErrorState } from "#ui/error-state.tsx";
import { Page } from "#ui/page.tsx";

/** A fault of a page. The work goes on without it. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const t = useTranslations("pageError");
  return (
    <Page>
      <ErrorState
        title={t("title")}
        retry={{ label: t("again"), onClick: reset }}
        reference={error.digest ? t("reference", { id: error.digest }) : undefined}
      >
        {t("text")}
      </ErrorState>
    </Page>
  );
}
