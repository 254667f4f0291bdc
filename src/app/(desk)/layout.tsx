import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { LiveProvider } from "#app/_data/live.tsx";
import { readViewer } from "#app/_shell/read-viewer.ts";
import { Shell } from "#app/_shell/shell.tsx";

/** The pages of a signed-in person. */
export default async function DeskLayout({ children }: { children: ReactNode }) {
  if (!(await readViewer())) redirect("/sign-in");
  return (
    <LiveProvider>
      <Shell>{children}</Shell>
    </LiveProvider>
  );
}
