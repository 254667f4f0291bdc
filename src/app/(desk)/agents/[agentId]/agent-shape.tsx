import { Skeleton } from "@mantine/core";
import classes from "#app/(desk)/agents/[agentId]/agent-shape.module.css";
import { ShapeLines, ShapeRows } from "#ui/shapes.tsx";

/** The shape of an agent's page, before its data is there. */
export function AgentShape() {
  return (
    <div className={classes.shape} aria-busy="true">
      <div className={classes.talk}>
        <Skeleton height={18} width={180} />
        <div className={classes.words}>
          <ShapeLines count={5} />
        </div>
        <Skeleton height={92} radius="md" />
      </div>
      <div className={classes.desk}>
        <Skeleton height={18} width={220} />
        <ShapeRows count={5} />
      </div>
    </div>
  );
}
