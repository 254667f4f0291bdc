"use client";

import { useTranslations } from "next-intl";
import { useId } from "react";
import classes from "#app/(desk)/agents/[agentId]/_plan/plan-picture.module.css";
import type { PlanEntry } from "#events/vocabulary.ts";
import { layOutPlan, type PlanNode } from "#runs/ui/lay-out-plan.ts";

/** Of a file's box and the space between boxes, in pixels. */
const BOX = { width: 176, height: 30 };
const GAP = { x: 44, y: 12 };
const MARGIN = 2;
/** characters of a name that fit into a box */
const NAME_MOST = 22;

/** Which file needs which, from the left to the right. The same is said in words for those who do not see it. */
export function PlanPicture({ entries, open = false }: { entries: PlanEntry[]; open?: boolean }) {
  const t = useTranslations("plan");
  const title = useId();
  const nodes = layOutPlan(entries);
  if (!nodes.some(({ needs }) => needs.length > 0)) return null;
  const at = new Map(nodes.map((node) => [node.path, node]));
  const width = right(Math.max(...nodes.map(({ column }) => column))) + MARGIN;
  const height = top(Math.max(...nodes.map(({ row }) => row))) + BOX.height + MARGIN;
  return (
    <details className={classes.picture} open={open}>
      <summary className={classes.summary}>{t("picture")}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard */}
      <section className={classes.scroller} tabIndex={0} aria-labelledby={title}>
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-labelledby={title}
        >
          <title id={title}>{t("picture")}</title>
          {nodes.flatMap((node) =>
            node.needs.map((path) => (
              <path
                key={`${path} ${node.path}`}
                className={classes.line}
                d={line(at.get(path) ?? node, node)}
              />
            )),
          )}
          {nodes.map((node) => (
            <g key={node.path} className={classes.file} data-status={node.status}>
              <title>{node.path}</title>
              <rect x={left(node.column)} y={top(node.row)} width={BOX.width} height={BOX.height} rx={6} />
              <text x={left(node.column) + 10} y={top(node.row) + BOX.height / 2}>
                {shortened(node.path)}
              </text>
            </g>
          ))}
        </svg>
      </section>
      <ul className="visually-hidden">
        {nodes.map(({ path, needs }) => (
          <li key={path}>
            {needs.length > 0 ? t("needsThese", { path, needs: needs.join(", ") }) : t("needsNone", { path })}
          </li>
        ))}
      </ul>
    </details>
  );
}

const left = (column: number) => MARGIN + column * (BOX.width + GAP.x);
const right = (column: number) => left(column) + BOX.width;
const top = (row: number) => MARGIN + row * (BOX.height + GAP.y);

function line(from: PlanNode, to: PlanNode): string {
  const [x1, y1] = [right(from.column), top(from.row) + BOX.height / 2];
  const [x2, y2] = [left(to.column), top(to.row) + BOX.height / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

/** The end of a path tells files apart. */
function shortened(path: string): string {
  const letters = [...path];
  return letters.length <= NAME_MOST ? path : `…${letters.slice(1 - NAME_MOST).join("")}`;
}
