"use client";

import { Button, TextInput } from "@mantine/core";
import { IconExternalLink, IconRefresh, IconSearch } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { GitHub } from "#api/schema/github.ts";
import { useChooseRepository, useGitHubOffers, useLookAgain } from "#app/_data/use-github.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/github/github.module.css";
import { OfferList } from "#app/(desk)/github/offer-list.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { ShapeRows } from "#ui/shapes.tsx";

const icon = { size: 16, stroke: 1.6 };

/** One of those that the App was given, or a new one that is made on GitHub and found here. */
export function RepositoryChooser({ github, onChosen }: { github: GitHub; onChosen: () => void }) {
  const t = useTranslations("github.chooser");
  const [filter, setFilter] = useState("");
  const isActive = github.installations.some(({ status }) => status === "active");
  const offers = useGitHubOffers(isActive);
  const lookAgain = useLookAgain();
  const choose = useChooseRepository();
  const madeOne = useLookWhenBack(() => lookAgain.mutate());
  if (!isActive) return <NoInstallation />;
  const all = offers.data?.repositories ?? [];
  const wanted = filter.trim().toLowerCase();
  const shown = all.filter(({ owner, name }) => `${owner}/${name}`.toLowerCase().includes(wanted));
  return (
    <div className={classes.chooser}>
      <div className={classes.tools}>
        <TextInput
          className={classes.grow}
          aria-label={t("search")}
          placeholder={t("search")}
          leftSection={<IconSearch {...icon} />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <Button
          variant="default"
          leftSection={<IconRefresh {...icon} />}
          loading={lookAgain.isPending}
          onClick={() => lookAgain.mutate()}
        >
          {t("lookAgain")}
        </Button>
      </div>
      {offers.isPending ? <ShapeRows count={4} /> : null}
      {offers.isLoadingError ? (
        <ProblemState problem={offers.error} retry={() => void offers.refetch()} />
      ) : null}
      {lookAgain.error ? <ProblemState problem={lookAgain.error} /> : null}
      {choose.error ? <ProblemState problem={choose.error} meaning={t("notChosen")} /> : null}
      {offers.data ? (
        <OfferList
          offers={shown}
          chosen={github.repository}
          choosing={choose.isPending ? (choose.variables ?? null) : null}
          none={all.length === 0 ? t("none") : t("noMatch")}
          onChoose={(choice) => choose.mutate(choice, { onSuccess: onChosen })}
        />
      ) : null}
      {github.createUrl ? (
        <p className={classes.means}>
          {t("orMake")}{" "}
          <a href={github.createUrl} target="_blank" rel="noreferrer" onClick={madeOne}>
            {t("make")} <IconExternalLink size={13} stroke={1.8} aria-hidden="true" />
          </a>
          . {t("found")}
        </p>
      ) : null}
    </div>
  );
}

/** Who went to GitHub to make something wants to see it when they are back. @returns what to call on going */
function useLookWhenBack(look: () => void): () => void {
  const gone = useRef(false);
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    const back = () => {
      if (!gone.current) return;
      gone.current = false;
      latest.current();
    };
    window.addEventListener("focus", back);
    return () => window.removeEventListener("focus", back);
  }, []);
  return () => {
    gone.current = true;
  };
}

function NoInstallation() {
  const t = useTranslations("github.chooser");
  return (
    <EmptyState
      title={t("noInstallation")}
      actions={
        <Button component="a" href="/github/connect">
          {t("install")}
        </Button>
      }
    >
      {t("noInstallationText")}
    </EmptyState>
  );
}
