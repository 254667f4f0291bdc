import classes from "./sign.module.css";

export type SignShape = "open" | "queued" | "moving" | "asking" | "broken" | "done" | "stopped";
export type Tone = "soft" | "accent" | "warn" | "bad" | "good" | "info";

const TONES: Record<SignShape, Tone> = {
  open: "soft",
  queued: "soft",
  moving: "accent",
  asking: "warn",
  broken: "bad",
  done: "good",
  stopped: "soft",
};

const PATHS: Record<SignShape, React.ReactNode> = {
  open: <circle cx="8" cy="8" r="5.25" className={classes.line} />,
  queued: (
    <>
      <circle cx="3.5" cy="8" r="1.5" className={classes.fill} />
      <circle cx="8" cy="8" r="1.5" className={classes.fill} />
      <circle cx="12.5" cy="8" r="1.5" className={classes.fill} />
    </>
  ),
  moving: (
    <>
      <circle cx="8" cy="8" r="5.25" className={classes.track} />
      <path d="M8 2.75A5.25 5.25 0 0 1 13.25 8" className={classes.line} />
    </>
  ),
  asking: <path d="M8 1.6 14.4 8 8 14.4 1.6 8Z" className={classes.fill} />,
  broken: (
    <>
      <circle cx="8" cy="8" r="6.5" className={classes.fill} />
      <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" className={classes.cut} />
    </>
  ),
  done: (
    <>
      <circle cx="8" cy="8" r="6.5" className={classes.fill} />
      <path d="m5 8.2 2.1 2.1L11.1 6" className={classes.cut} />
    </>
  ),
  stopped: (
    <>
      <circle cx="8" cy="8" r="5.25" className={classes.line} />
      <path d="M5.6 8h4.8" className={classes.line} />
    </>
  ),
};

/** One state, one shape, one colour. The word beside it says the same; the sign alone needs a label. */
export function Sign({ shape, label, size = 14 }: { shape: SignShape; label?: string; size?: number }) {
  const named = label ? { role: "img", "aria-label": label } : { "aria-hidden": true };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: hidden, or named by its label
    <svg
      {...named}
      viewBox="0 0 16 16"
      width={size}
      height={size}
      className={classes.sign}
      data-shape={shape}
      data-tone={TONES[shape]}
    >
      {PATHS[shape]}
    </svg>
  );
}
