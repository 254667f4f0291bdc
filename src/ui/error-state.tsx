import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Sign } from "#ui/sign.tsx";
import classes from "#ui/states.module.css";

interface ErrorStateProps {
  /** what happened */
  title: string;
  /** what it means for the work, and what to do */
  children?: ReactNode;
  retry?: { label: string; onClick: () => void };
  /** small print: the id to give to whoever looks into it */
  reference?: string | undefined;
}

export function ErrorState({ title, children, retry, reference }: ErrorStateProps) {
  return (
    <div className={classes.error} role="alert">
      <Sign shape="broken" size={16} />
      <div className={classes.body}>
        <p className={classes.title}>{title}</p>
        {children ? <div className={classes.text}>{children}</div> : null}
        {retry ? (
          <Button variant="default" size="xs" mt="xs" onClick={retry.onClick}>
            {retry.label}
          </Button>
        ) : null}
        {reference ? <p className={classes.reference}>{reference}</p> : null}
      </div>
    </div>
  );
}
