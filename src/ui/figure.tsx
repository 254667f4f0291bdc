import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "#ui/figure.module.css";

interface FigureProps {
  label: string;
  value: ReactNode;
  note?: ReactNode;
  /** opens what is behind the figure; without it the figure only says */
  onOpen?: () => void;
  expanded?: boolean;
}

/** A number with its name. */
export function Figure({ label, value, note, onOpen, expanded }: FigureProps) {
  const inside = (
    <>
      <span className={classes.label}>{label}</span>
      <span className={classes.value}>{value}</span>
      {note ? <span className={classes.note}>{note}</span> : null}
    </>
  );
  if (!onOpen) return <div className={classes.figure}>{inside}</div>;
  return (
    <UnstyledButton className={classes.figure} data-opens onClick={onOpen} aria-expanded={expanded}>
      {inside}
    </UnstyledButton>
  );
}
