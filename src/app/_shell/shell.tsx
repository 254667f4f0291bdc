"use client";

import { Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect } from "react";
import { ConnectionLine } from "#app/_shell/connection-line.tsx";
import { Palette } from "#app/_shell/palette.tsx";
import { Rail } from "#app/_shell/rail.tsx";
import { SheetProvider } from "#app/_shell/sheet.tsx";
import classes from "#app/_shell/shell.module.css";
import { TopBar } from "#app/_shell/top-bar.tsx";

/** Everything around a page of a signed-in person: the rail, or its sheet on a small screen. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useTranslations("shell");
  const [sheet, { open, close }] = useDisclosure(false);
  const path = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the sheet closes when the page changes
  useEffect(close, [path]);
  return (
    <SheetProvider value={open}>
      <a href="#main" className={classes.skip}>
        {t("skip")}
      </a>
      <div className={classes.shell}>
        <aside className={classes.rail}>
          <Rail />
        </aside>
        <div className={classes.centre}>
          <TopBar />
          <ConnectionLine />
          <main id="main" className={classes.main} tabIndex={-1}>
            {children}
          </main>
        </div>
      </div>
      <Drawer
        opened={sheet}
        onClose={close}
        position="bottom"
        size="85%"
        withCloseButton={false}
        attributes={{ content: { "aria-label": t("agents") } }}
        classNames={{ body: classes.sheetBody, content: classes.sheet }}
      >
        <Rail />
      </Drawer>
      <Palette />
    </SheetProvider>
  );
}
