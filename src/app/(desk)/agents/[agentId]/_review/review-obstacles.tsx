"use client";

import { useTranslations } from "next-intl";
import classes from "#app/(desk)/agents/[agentId]/_review/review-obstacles.module.css";
import type { ReviewView } from "#runs/ui/run-view.ts";
import { Sign } from "#ui/sign.tsx";

type Obstacle = ReviewView["obstacles"][number];

/** What would keep the result from being published, and what is no part of it: known before it is approved. */
export function ReviewObstacles({ obstacles }: { obstacles: Obstacle[] }) {
  const t = useTranslations("review");
  const blocking = obstacles.filter(({ code }) => code !== "left_out");
  const leftOut = obstacles.filter(({ code }) => code === "left_out");
  return (
    <>
      {blocking.length > 0 ? (
        <section className={classes.obstacles} data-testid="obstacles">
          <p className={classes.title}>
            <Sign shape="broken" /> {t("blocked")}
          </p>
          <p>{t("blockedMeaning")}</p>
          <Places obstacles={blocking} />
        </section>
      ) : null}
      {leftOut.length > 0 ? (
        <section className={classes.obstacles} data-testid="left-out">
          <p>{t("leftOut")}</p>
          <Places obstacles={leftOut} />
        </section>
      ) : null}
    </>
  );
}

function Places({ obstacles }: { obstacles: Obstacle[] }) {
  const t = useTranslations("review");
  return (
    <ul>
      {obstacles.map(({ code, path, line, message }) => (
        <li key={`${code}:${path}:${line}:${message}`}>
          <code>{line ? `${path}:${line}` : path}</code>{" "}
          {code === "left_out" ? null : t(`obstacle.${code}`, { message })}
        </li>
      ))}
    </ul>
  );
}
