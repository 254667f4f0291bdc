import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import classes from "#ui/prose.module.css";

/** Text from an agent. Raw HTML in it stays text; links open elsewhere and tell no one where from. */
export function Prose({ text }: { text: string }) {
  return (
    <div className={classes.prose}>
      <Markdown
        remarkPlugins={[remarkGfm]}
        components={{
          a: ({ href, children }) => (
            <a href={href} target="_blank" rel="noreferrer noopener">
              {children}
            </a>
          ),
          // A picture would make the reader's browser call a stranger: its words are shown instead.
          img: ({ alt }) => <span>{alt}</span>,
          table: ({ children }) => (
            <div className={classes.scroll}>
              <table>{children}</table>
            </div>
          ),
        }}
      >
        {text}
      </Markdown>
    </div>
  );
}
