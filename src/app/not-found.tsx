import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { EmptyState } from "#ui/empty-state.tsx";
import { Page } from "#ui/page.tsx";

export default async function NotFound() {
  const t = await getTranslations("notFound");
  return (
    <Page>
      <EmptyState title={t("title")} actions={<Link href="/">{t("home")}</Link>}>
        {t("text")}
      </EmptyState>
    </Page>
  );
}
