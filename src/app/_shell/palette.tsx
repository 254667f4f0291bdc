"use client";

import { useHotkeys } from "@mantine/hooks";
import { Spotlight, type SpotlightActionData, spotlight } from "@mantine/spotlight";
import {
  IconBrandGithub,
  IconChartBar,
  IconLayoutDashboard,
  IconPlus,
  IconSearch,
  IconServer,
  IconSettings,
} from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useAgents } from "#app/_data/use-agents.ts";
import { SIGN_OF, stateOfRun } from "#app/_shell/agent-state.ts";
import classes from "#app/_shell/palette.module.css";
import { Sign } from "#ui/sign.tsx";

const icon = { size: 16, stroke: 1.6 };
const NUMBERED = [1, 2, 3, 4, 5, 6, 7, 8, 9];

export function openPalette(): void {
  spotlight.open();
}

/** Ctrl/Cmd-K: every place and every agent by its name; and the numbered keys of the agents. */
export function Palette() {
  const t = useTranslations("shell");
  const state = useTranslations("state");
  const router = useRouter();
  const agents = useAgents().data ?? [];
  useHotkeys(
    NUMBERED.map((number) => [
      `mod+${number}`,
      () => {
        const agent = agents[number - 1];
        if (agent) router.push(`/agents/${agent.id}`);
      },
    ]),
    [],
  );

  const place = (id: string, label: string, Icon: typeof IconPlus): SpotlightActionData => ({
    id,
    label,
    leftSection: <Icon {...icon} />,
    onClick: () => router.push(id),
  });
  const tabs = agents.map((agent): SpotlightActionData => {
    const { word } = stateOfRun(agent.latestRun);
    return {
      id: agent.id,
      label: agent.name,
      description: state(word),
      leftSection: <Sign shape={SIGN_OF[word]} />,
      onClick: () => router.push(`/agents/${agent.id}`),
    };
  });
  return (
    <Spotlight
      shortcut="mod + K"
      radius="md"
      overlayProps={{ backgroundOpacity: 0.25, blur: 0 }}
      classNames={{ content: classes.content, actionsGroup: classes.group }}
      nothingFound={t("nothingFound")}
      scrollable
      maxHeight={420}
      searchProps={{
        placeholder: t("searchFor"),
        "aria-label": t("searchFor"),
        leftSection: <IconSearch {...icon} />,
      }}
      actions={[
        ...(tabs.length > 0 ? [{ group: t("agents"), actions: tabs }] : []),
        {
          group: t("places"),
          actions: [
            place("/agents/new", t("newAgent"), IconPlus),
            place("/", t("dashboard"), IconLayoutDashboard),
            place("/workspace", t("workspace"), IconServer),
            place("/usage", t("usage"), IconChartBar),
            place("/github", t("github"), IconBrandGithub),
            place("/settings", t("settings"), IconSettings),
          ],
        },
      ]}
    />
  );
}
