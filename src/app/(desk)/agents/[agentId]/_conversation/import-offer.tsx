"use client";

import { Button } from "@mantine/core";
import { IconBrandGithub } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useGitHub } from "#app/_data/use-github.ts";
import { useBeginImport, useImport } from "#app/_data/use-import.ts";
import { useUpload } from "#app/_data/use-upload.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/agents/[agentId]/_conversation/import-offer.module.css";
import { ImportProgress } from "#app/(desk)/agents/[agentId]/_conversation/import-progress.tsx";
import { SendingLine } from "#app/(desk)/agents/[agentId]/_conversation/sending-line.tsx";
import { UploadOffer } from "#app/(desk)/agents/[agentId]/_conversation/upload-offer.tsx";

/** An agent that has done nothing yet can begin with existing code: a file of one's own, or the repository's. */
export function ImportOffer({ agentId }: { agentId: string }) {
  const read = useImport(agentId);
  const { sending } = useUpload(agentId);
  if (read.isPending) return null;
  const code = read.data ?? null;
  const isOffered = (!code || code.state === "failed") && sending?.state !== "sending";
  return (
    <div className={classes.offer}>
      {sending ? <SendingLine sending={sending} /> : null}
      {code && !sending ? <ImportProgress agentId={agentId} code={code} /> : null}
      {isOffered ? <UploadOffer agentId={agentId} /> : null}
      {isOffered ? <RepositoryOffer agentId={agentId} isAgain={code?.source === "repository"} /> : null}
    </div>
  );
}

function RepositoryOffer({ agentId, isAgain }: { agentId: string; isAgain: boolean }) {
  const t = useTranslations("codeImport");
  const repository = useGitHub().data?.repository;
  const begin = useBeginImport(agentId);
  if (repository?.state !== "active") return null;
  return (
    <div>
      <p>{t("offer", { name: `${repository.owner}/${repository.name}` })}</p>
      {begin.error ? <ProblemState problem={begin.error} /> : null}
      <Button
        size="xs"
        variant="default"
        mt={8}
        loading={begin.isPending}
        leftSection={<IconBrandGithub size={14} stroke={1.8} />}
        onClick={() => begin.mutate()}
      >
        {isAgain ? t("again") : t("begin")}
      </Button>
    </div>
  );
}

/** In a conversation that has begun: what it began with, and what is still on its way. */
export function ImportNote({ agentId }: { agentId: string }) {
  const code = useImport(agentId).data ?? null;
  const { sending } = useUpload(agentId);
  if (!code && !sending) return null;
  return (
    <div className={classes.note}>
      {sending ? <SendingLine sending={sending} /> : null}
      {code && !sending ? <ImportProgress agentId={agentId} code={code} isPast /> : null}
    </div>
  );
}
