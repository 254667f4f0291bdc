"use client";

import { Button } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { GitHub, GitHubOffers, RepositoryChoice } from "#api/schema/github.ts";
import classes from "#app/(desk)/github/github.module.css";
import { RelativeTime } from "#ui/relative-time.tsx";
import { Sign } from "#ui/sign.tsx";

interface OfferListProps {
  offers: GitHubOffers["repositories"];
  chosen: GitHub["repository"];
  choosing: RepositoryChoice | null;
  none: string;
  onChoose: (choice: RepositoryChoice) => void;
}

/** Repositories by name; the one that is chosen says so. */
export function OfferList({ offers, chosen, choosing, none, onChoose }: OfferListProps) {
  const t = useTranslations("github.chooser");
  if (offers.length === 0) return <p className={classes.means}>{none}</p>;
  const is = (one: RepositoryChoice | null, owner: string, name: string) =>
    one !== null && one.owner === owner && one.name === name;
  return (
    <ul className={classes.offers}>
      {offers.map(({ owner, name, private: isPrivate, pushedAt }) => (
        <li key={`${owner}/${name}`} className={classes.row}>
          <span className={classes.name}>
            {owner}/{name}
          </span>
          <span className={classes.facts}>
            {isPrivate ? (
              <span className={classes.lock}>
                <IconLock size={13} stroke={1.8} aria-hidden="true" /> {t("private")}
              </span>
            ) : null}
            <span>
              {pushedAt ? t.rich("pushed", { when: () => <RelativeTime at={pushedAt} /> }) : t("empty")}
            </span>
          </span>
          {is(chosen, owner, name) ? (
            <span className={classes.state}>
              <Sign shape="done" />
              {t("chosen")}
            </span>
          ) : (
            <Button
              size="compact-sm"
              variant="default"
              loading={is(choosing, owner, name)}
              disabled={choosing !== null}
              aria-label={t("chooseNamed", { name: `${owner}/${name}` })}
              onClick={() => onChoose({ owner, name })}
            >
              {t("choose")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
