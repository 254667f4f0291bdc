import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { GitHubPage } from "#app/(desk)/github/github-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("github");
  return { title: t("title") };
}

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ problem?: string | string[] }>;
}) {
  const { problem } = await searchParams;
  return <GitHubPage problem={typeof problem === "string" ? problem : null} />;
}
