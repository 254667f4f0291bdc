import Link from "next/link";
import type { ReactNode } from "react";
import classes from "#app/(desk)/_dashboard/dashboard.module.css";

interface CardProps {
  title: string;
  link?: { href: string; label: string };
  children: ReactNode;
}

export function Card({ title, link, children }: CardProps) {
  return (
    <section className={classes.card}>
      <div className={classes.cardHead}>
        <h2 className={classes.cardTitle}>{title}</h2>
        {link ? (
          <Link className={classes.cardLink} href={link.href}>
            {link.label}
          </Link>
        ) : null}
      </div>
      {children}
    </section>
  );
}
