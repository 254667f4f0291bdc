"use client";

import type { Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import ReactCodeMirror from "@uiw/react-codemirror";
import { useEffect, useMemo, useState } from "react";
import { loadLanguage } from "#ui/code-languages.ts";
import { codeTheme } from "#ui/code-theme.ts";

interface CodeEditorProps {
  value: string;
  /** a language's name or a file's path */
  language: string;
  label: string;
  onChange?: (value: string) => void;
  readOnly?: boolean;
  /** Ctrl/Cmd-Enter */
  onRun?: () => void;
  /** Ctrl/Cmd-S */
  onSave?: () => void;
  minHeight?: string;
  height?: string;
}

/** Code to read and to write. Tab leaves the editor, as everywhere: the keyboard is never caught. */
export default function CodeEditor(props: CodeEditorProps) {
  const language = useLanguage(props.language);
  const { onRun, onSave, label } = props;
  const extensions = useMemo(
    () => [
      codeTheme,
      language,
      EditorView.contentAttributes.of({ "aria-label": label }),
      keymap.of([
        { key: "Mod-Enter", run: () => called(onRun) },
        { key: "Mod-s", run: () => called(onSave) },
      ]),
    ],
    [language, label, onRun, onSave],
  );
  return (
    <ReactCodeMirror
      value={props.value}
      extensions={extensions}
      theme="none"
      indentWithTab={false}
      editable={!props.readOnly}
      readOnly={props.readOnly ?? false}
      {...(props.onChange ? { onChange: props.onChange } : {})}
      {...(props.height ? { height: props.height } : {})}
      {...(props.minHeight ? { minHeight: props.minHeight } : {})}
      basicSetup={{ foldGutter: false, autocompletion: false, highlightActiveLine: true, searchKeymap: true }}
    />
  );
}

function called(action: (() => void) | undefined): boolean {
  action?.();
  return action !== undefined;
}

function useLanguage(name: string): Extension {
  const [loaded, setLoaded] = useState<Extension>([]);
  useEffect(() => {
    let current = true;
    loadLanguage(name).then(
      (extension) => current && setLoaded(extension ?? []),
      // Uncoloured code is still code.
      () => current && setLoaded([]),
    );
    return () => {
      current = false;
    };
  }, [name]);
  return loaded;
}
