"use client";

import { ActionIcon } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { Message } from "#api/schema/message.ts";
import classes from "#app/(desk)/agents/[agentId]/_conversation/said.module.css";
import { KeyTip } from "#ui/keys.tsx";
import { Prose } from "#ui/markdown.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";

export function UserMessage({ message, onEdit }: { message: Message; onEdit: () => void }) {
  const t = useTranslations("conversation");
  return (
    <article className={classes.user} aria-label={t("you")}>
      <div className={classes.bubble}>{message.text}</div>
      <div className={classes.under}>
        <KeyTip label={t("edit")}>
          <ActionIcon variant="subtle" color="gray" size="xs" aria-label={t("edit")} onClick={onEdit}>
            <IconPencil size={14} stroke={1.6} />
          </ActionIcon>
        </KeyTip>
        <RelativeTime at={message.createdAt} />
      </div>
    </article>
  );
}

export function AgentMessage({ text, growing = false }: { text: string; growing?: boolean }) {
  const t = useTranslations("conversation");
  return (
    <article className={classes.agent} aria-label={t("agent")} aria-busy={growing}>
      <Prose text={text} />
    </article>
  );
}
