"use client";

import { ActionIcon, Textarea } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, type ReactNode, type RefObject, useId } from "react";
import classes from "#app/(desk)/agents/[agentId]/_conversation/composer.module.css";
import { KeyTip } from "#ui/keys.tsx";

interface ComposerProps {
  text: string;
  onChange: (text: string) => void;
  onSend: () => void;
  onEscape: () => void;
  placeholder: string;
  /** said in small under the text: what answers here */
  note?: ReactNode;
  inputRef: RefObject<HTMLTextAreaElement | null>;
}

export function Composer({ text, onChange, onSend, onEscape, placeholder, note, inputRef }: ComposerProps) {
  const t = useTranslations("composer");
  const noteId = useId();
  const empty = text.trim() === "";
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter and Esc are its own.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") onEscape();
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!empty) onSend();
  };
  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        if (!empty) onSend();
      }}
    >
      <Textarea
        ref={inputRef}
        variant="unstyled"
        autosize
        minRows={2}
        maxRows={12}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        placeholder={placeholder}
        aria-label={t("label")}
        aria-describedby={note ? noteId : undefined}
        classNames={{ input: classes.input }}
      />
      <div className={classes.foot}>
        <span className={classes.note} id={noteId}>
          {note}
        </span>
        <KeyTip label={t("send")} combo="Enter">
          <ActionIcon type="submit" size="md" aria-label={t("send")} disabled={empty}>
            <IconArrowUp size={18} stroke={2} />
          </ActionIcon>
        </KeyTip>
      </div>
    </form>
  );
}
