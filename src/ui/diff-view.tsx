import { type ReactNode, useMemo } from "react";
import classes from "#ui/diff-view.module.css";
import { type DiffLine, parseHunks } from "#ui/parse-patch.ts";

const MARK = { same: " ", added: "+", removed: "−" };

interface DiffViewProps {
  patch: string;
  /** of a file that is all new, where colouring every line would say nothing */
  plain?: boolean;
  /** names for screen readers, since colour and a mark are not read aloud */
  words: { added: string; removed: string; caption: string };
  /** makes the numbers of the lines that are there now to buttons */
  remarks?: Remarks;
}

export interface Remarks {
  /** the button's name */
  label: (line: number) => string;
  onOpen: (line: number) => void;
  /** what stands below a line; null: nothing */
  below: (line: number) => ReactNode;
}

/** One file's unified diff, read only. */
export function DiffView({ patch, plain = false, words, remarks }: DiffViewProps) {
  const hunks = useMemo(() => parseHunks(patch), [patch]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wide code is scrolled with the keyboard too
    <section className={classes.scroll} aria-label={words.caption} tabIndex={0}>
      <table className={classes.table} data-plain={plain || undefined}>
        {hunks.map((hunk, index) => (
          <tbody key={`${hunk.before}:${hunk.after}`}>
            {index > 0 ? (
              <tr className={classes.gap}>
                <td colSpan={4}>⋯</td>
              </tr>
            ) : null}
            {hunk.lines.map((line) => (
              <Line key={`${line.before}:${line.after}`} line={line} words={words} remarks={remarks} />
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

type LineProps = Pick<DiffViewProps, "words" | "remarks"> & { line: DiffLine };

function Line({ line, words, remarks }: LineProps) {
  const below = line.after === null ? null : remarks?.below(line.after);
  return (
    <>
      <Code line={line} words={words} remarks={remarks} />
      {below ? (
        <tr>
          <td colSpan={4} className={classes.below}>
            {below}
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Code({ line, words, remarks }: LineProps) {
  const spoken = line.kind === "same" ? null : <span className="visually-hidden">{words[line.kind]}: </span>;
  const { after } = line;
  return (
    <tr data-kind={line.kind} className={classes.line}>
      <td className={classes.number}>{line.before}</td>
      <td className={classes.number}>
        {remarks && after !== null ? (
          <button
            type="button"
            className={classes.remark}
            data-line={after}
            aria-label={remarks.label(after)}
            onClick={() => remarks.onOpen(after)}
          >
            {after}
          </button>
        ) : (
          after
        )}
      </td>
      <td className={classes.mark} aria-hidden="true">
        {MARK[line.kind]}
      </td>
      <td className={classes.code}>
        {spoken}
        {line.parts.map((part, index) =>
          part.changed ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line never move
            <mark key={index}>{part.text}</mark>
          ) : (
            part.text
          ),
        )}
      </td>
    </tr>
  );
}
