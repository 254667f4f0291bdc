import classes from "#app/(desk)/agents/[agentId]/line-counts.module.css";

/** Lines added and taken away. */
export function LineCounts({ additions, deletions }: { additions: number; deletions: number }) {
  return (
    <span className={classes.counts}>
      {additions > 0 ? <span className={classes.added}>+{additions}</span> : null}
      {deletions > 0 ? <span className={classes.removed}>−{deletions}</span> : null}
    </span>
  );
}
