"use client";

import dynamic from "next/dynamic";
import { ShapeLines } from "#ui/shapes.tsx";

/** The editor is heavy and lives in the browser alone: it comes when it is needed. */
export const CodeArea = dynamic(() => import("#ui/code-editor.tsx"), {
  ssr: false,
  loading: () => <ShapeLines count={6} />,
});
