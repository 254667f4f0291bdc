"use client";

import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import {
  IconBrandGithub,
  IconChartBar,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconServer,
  IconSettings,
  IconSun,
} from "@tabler/icons-react";
import Link from "next/link";
import { signOut } from "next-auth/react";
import { useTranslations } from "next-intl";
import { useMe } from "#app/_data/use-account.ts";
import classes from "#app/_shell/rail.module.css";

const icon = { size: 16, stroke: 1.6 };

const THEMES = [
  { value: "light", Icon: IconSun },
  { value: "dark", Icon: IconMoon },
  { value: "auto", Icon: IconDeviceDesktop },
] as const;

export function UserMenu() {
  const t = useTranslations("shell");
  const theme = useTranslations("theme");
  const me = useMe().data;
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = me?.name ?? me?.email ?? "";
  return (
    <Menu position="top-start" width={216}>
      <Menu.Target>
        <UnstyledButton className={classes.user}>
          <span className="visually-hidden">{t("account")}</span>
          <span className={classes.initial} aria-hidden="true">
            {[...name][0]?.toUpperCase()}
          </span>
          <span className={classes.userName}>{name}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} href="/settings" leftSection={<IconSettings {...icon} />}>
          {t("settings")}
        </Menu.Item>
        <Menu.Item component={Link} href="/usage" leftSection={<IconChartBar {...icon} />}>
          {t("usage")}
        </Menu.Item>
        <Menu.Item component={Link} href="/workspace" leftSection={<IconServer {...icon} />}>
          {t("workspace")}
        </Menu.Item>
        <Menu.Item component={Link} href="/github" leftSection={<IconBrandGithub {...icon} />}>
          {t("github")}
        </Menu.Item>
        <Menu.Divider />
        {THEMES.map(({ value, Icon }) => (
          <Menu.Item
            key={value}
            closeMenuOnClick={false}
            aria-current={colorScheme === value ? "true" : undefined}
            leftSection={<Icon {...icon} />}
            rightSection={colorScheme === value ? "✓" : null}
            onClick={() => setColorScheme(value)}
          >
            {theme(value)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout {...icon} />}
          onClick={() => signOut({ callbackUrl: "/sign-in" })}
        >
          {t("signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
