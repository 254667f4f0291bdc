import { useMemo } from "react";
import classes from "#ui/diff-view.module.css";
import { type DiffLine, parseHunks } from "#ui/parse-patch.ts";

const MARK = { same: " ", added: "+", removed: "−" };

interface DiffViewProps {
  patch: string;
  /** of a file that is all new, where colouring every line would say nothing */
  plain?: boolean;
  /** names for screen readers, since colour and a mark are not read aloud */
  words: { added: string; removed: string; caption: string };
}

/** One file's unified diff, read only. */
export function DiffView({ patch, plain = false, words }: DiffViewProps) {
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
              <Line key={`${line.before}:${line.after}`} line={line} words={words} />
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

function Line({ line, words }: { line: DiffLine; words: DiffViewProps["words"] }) {
  const spoken = line.kind === "same" ? null : <span className="visually-hidden">{words[line.kind]}: </span>;
  return (
    <tr data-kind={line.kind} className={classes.line}>
      <td className={classes.number}>{line.before}</td>
      <td className={classes.number}>{line.after}</td>
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
