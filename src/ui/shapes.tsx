import { Skeleton } from "@mantine/core";
import classes from "#ui/shapes.module.css";

const WIDTHS = ["72%", "54%", "83%", "61%", "47%", "77%"];

/** The shape of a list that is on its way. */
export function ShapeLines({ count, height = 14 }: { count: number; height?: number }) {
  return (
    <div className={classes.lines} aria-hidden="true">
      {WIDTHS.slice(0, count).map((width) => (
        <Skeleton key={width} height={height} width={width} />
      ))}
    </div>
  );
}

/** The shape of rows with a sign, a name and a number. */
export function ShapeRows({ count }: { count: number }) {
  return (
    <div className={classes.rows} aria-hidden="true">
      {WIDTHS.slice(0, count).map((width) => (
        <div key={width} className={classes.row}>
          <Skeleton height={14} width={14} circle />
          <Skeleton height={14} width={width} />
          <Skeleton height={14} width={56} />
        </div>
      ))}
    </div>
  );
}
