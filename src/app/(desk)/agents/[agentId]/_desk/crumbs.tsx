"use client";

import { UnstyledButton } from "@mantine/core";
import classes from "#app/(desk)/agents/[agentId]/_desk/files.module.css";

interface CrumbsProps {
  label: string;
  root: string;
  path: string;
  onGo: (path: string) => void;
}

export function Crumbs({ label, root, path, onGo }: CrumbsProps) {
  const parts = path === "" ? [] : path.split("/");
  return (
    <nav className={classes.crumbs} aria-label={label}>
      <Crumb name={root} last={parts.length === 0} onGo={() => onGo("")} />
      {parts.map((part, index) => {
        const upTo = parts.slice(0, index + 1).join("/");
        return (
          <span key={upTo} className={classes.step}>
            <span aria-hidden="true">/</span>
            <Crumb name={part} last={index === parts.length - 1} onGo={() => onGo(upTo)} />
          </span>
        );
      })}
    </nav>
  );
}

function Crumb({ name, last, onGo }: { name: string; last: boolean; onGo: () => void }) {
  if (last) {
    return (
      <span className={classes.here} aria-current="page">
        {name}
      </span>
    );
  }
  return (
    <UnstyledButton className={classes.crumb} onClick={onGo}>
      {name}
    </UnstyledButton>
  );
}
