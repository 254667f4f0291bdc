import type { ReactNode } from "react";
import classes from "#ui/gauge.module.css";

const NEAR = 0.8;
const FULL = 0.95;

interface GaugeProps {
  label: string;
  /** 0 to 1; more is shown as full */
  share: number | null;
  text: ReactNode;
}

/** How much of a limit is used: a thin line that changes its colour when it comes near. */
export function Gauge({ label, share, text }: GaugeProps) {
  const part = share === null ? null : Math.min(1, Math.max(0, share));
  const tone = part === null || part < NEAR ? "calm" : part < FULL ? "near" : "full";
  return (
    <div className={classes.gauge}>
      <div className={classes.words}>
        <span className={classes.label}>{label}</span>
        <span className={classes.text}>{text}</span>
      </div>
      {part === null ? null : (
        // biome-ignore lint/a11y/useSemanticElements: a <meter> looks different in every browser
        <div
          role="meter"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(part * 100)}
          className={classes.track}
          data-tone={tone}
        >
          <div
            className={classes.fill}
            style={{ width: `${part * 100}%`, minWidth: part > 0 ? 2 : undefined }}
          />
        </div>
      )}
    </div>
  );
}
