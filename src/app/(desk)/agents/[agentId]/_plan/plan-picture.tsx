"use client";

import { useTranslations } from "next-intl";
import { useId } from "react";
import classes from "#app/(desk)/agents/[agentId]/_plan/plan-picture.module.css";
import type { PlanEntry } from "#events/vocabulary.ts";
import { layOutPlan, type PlanNode } from "#runs/ui/lay-out-plan.ts";

/** Of a file's box and the space between boxes, in pixels. */
const BOX = { width: 176, height: 30 };
const GAP = { x: 44, y: 12 };
/** above and below, room for a line that passes the first or the last row */
const MARGIN = 8;
/** characters of a name that fit into a box */
const NAME_MOST = 22;

interface Point {
  x: number;
  y: number;
}

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

/** To the next column straight on; farther, between two rows, so that no box on the way hides it. */
function line(from: PlanNode, to: PlanNode): string {
  const start = { x: right(from.column), y: middleOf(from) };
  const end = { x: left(to.column), y: middleOf(to) };
  if (to.column <= from.column + 1) return `M${start.x} ${start.y}${curve(start, end)}`;
  const between = to.row > from.row ? top(to.row) - GAP.y / 2 : top(to.row) + BOX.height + GAP.y / 2;
  const enter = { x: start.x + GAP.x, y: between };
  const leave = { x: end.x - GAP.x, y: between };
  return `M${start.x} ${start.y}${curve(start, enter)}H${leave.x}${curve(leave, end)}`;
}

const middleOf = ({ row }: PlanNode) => top(row) + BOX.height / 2;

function curve(from: Point, to: Point): string {
  const middle = (from.x + to.x) / 2;
  return `C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
}

/** The end of a path tells files apart. */
function shortened(path: string): string {
  const letters = [...path];
  return letters.length <= NAME_MOST ? path : `…${letters.slice(1 - NAME_MOST).join("")}`;
}
