import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { signedInUser } from "#api/signed-in-user.ts";
import { SetupPage } from "#app/(desk)/github/setup/setup-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("github.setup");
  return { title: t("title") };
}

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ problem?: string | string[] }>;
}) {
  const identity = await signedInUser();
  if (identity?.role !== "operator") notFound();
  const { problem } = await searchParams;
  return <SetupPage problem={typeof problem === "string" ? problem : null} />;
}
