import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { services } from "#api/services.ts";
import { Mark } from "#app/_shell/mark.tsx";
import { readViewer } from "#app/_shell/read-viewer.ts";
import classes from "#app/sign-in/sign-in.module.css";
import { SignInProblem } from "#app/sign-in/sign-in-problem.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("signIn");
  return { title: t("title") };
}

/** On one machine the printed address signs in; this page says where to find it. */
export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ error?: string | string[] }>;
}) {
  if (await readViewer()) redirect("/");
  const [t, { error }] = await Promise.all([getTranslations("signIn"), searchParams]);
  const { mode } = services();
  return (
    <main className={classes.page}>
      <div className={classes.sheet}>
        <div className={classes.brand}>
          <Mark size={28} />
          <span>Carrel</span>
        </div>
        <h1 className={classes.title}>{t("title")}</h1>
        {typeof error === "string" ? <SignInProblem error={error} /> : null}
        {mode === "embedded" ? (
          <>
            <p className={classes.text}>{t("printed")}</p>
            <p className={classes.text}>{t("another")}</p>
            <pre className={classes.command}>npm run carrel -- sign-in</pre>
            <p className={classes.small}>{t("once")}</p>
          </>
        ) : (
          <p className={classes.text}>{t("noProvider")}</p>
        )}
      </div>
    </main>
  );
}
