import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

/** Paper, ink and one lamp. The only file that writes colours; everything else names a token. */
const lamp: MantineColorsTuple = [
  "#e8f1ee",
  "#d3e5df",
  "#a8ccc1",
  "#7fb6a5",
  "#5db89f",
  "#33856f",
  "#1f6f5c",
  "#195b4b",
  "#14483c",
  "#0e352c",
];

/** Mantine paints its dark scheme with this tuple: 7 is the ground, 6 what stands on it, 4 hairlines. */
const dark: MantineColorsTuple = [
  "#e8e6e1",
  "#c9c8c3",
  "#a5a6a1",
  "#7b7d7c",
  "#2e3237",
  "#24282d",
  "#1c1f23",
  "#15171a",
  "#111315",
  "#0c0e10",
];

const red: MantineColorsTuple = [
  "#faece8",
  "#f4d8d0",
  "#e9b0a2",
  "#e0897a",
  "#ef8f7e",
  "#bf4431",
  "#a93524",
  "#8c2b1d",
  "#702216",
  "#541910",
];

/** Mantine's neutral for borders and what is switched off, as warm as the paper. */
const gray: MantineColorsTuple = [
  "#f8f7f3",
  "#f4f2ec",
  "#edeae2",
  "#e0ddd3",
  "#cfcbbf",
  "#aeaba0",
  "#8d8d83",
  "#5d5e57",
  "#3e3f3a",
  "#1d1e1b",
];

const SANS =
  'ui-sans-serif, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial';
const KOREAN = '"Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR"';
const JAPANESE = '"Hiragino Sans", "Yu Gothic UI", Meiryo, "Noto Sans JP", "Noto Sans CJK JP"';

/** Chinese characters shared by Korean and Japanese are drawn in the reader's own way. */
export function fontStack(locale: string): string {
  const east = locale === "ja" ? `${JAPANESE}, ${KOREAN}` : `${KOREAN}, ${JAPANESE}`;
  return `${SANS}, ${east}, sans-serif`;
}

const MONO =
  'ui-monospace, "SF Mono", SFMono-Regular, Menlo, "Cascadia Code", Consolas, "DejaVu Sans Mono", "Liberation Mono", "Noto Sans Mono CJK KR", monospace';

/** Filled in the accent, a control carries the ink that is read on it: white by day, near black by night. */
const paint: VariantColorsResolver = (input) => {
  const painted = defaultVariantColorsResolver(input);
  const isAccent =
    input.variant === "filled" && (input.color ?? input.theme.primaryColor) === input.theme.primaryColor;
  if (!isAccent) return painted;
  return {
    ...painted,
    background: "var(--accent)",
    hover: "var(--accent-strong)",
    color: "var(--on-accent)",
  };
};

export function makeTheme(locale: string) {
  return createTheme({
    primaryColor: "lamp",
    primaryShade: { light: 6, dark: 4 },
    colors: { lamp, dark, gray, red },
    variantColorResolver: paint,
    white: "#ffffff",
    black: "#1d1e1b",
    fontFamily: fontStack(locale),
    fontFamilyMonospace: MONO,
    fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.875rem", lg: "1rem", xl: "1.375rem" },
    lineHeights: { xs: "1.35", sm: "1.45", md: "1.5", lg: "1.6", xl: "1.3" },
    headings: {
      fontWeight: "600",
      textWrap: "balance",
      sizes: {
        h1: { fontSize: "1.375rem", lineHeight: "1.3" },
        h2: { fontSize: "1rem", lineHeight: "1.4" },
        h3: { fontSize: "0.875rem", lineHeight: "1.45" },
      },
    },
    fontWeights: { regular: "400", medium: "500", bold: "600" },
    radius: { xs: "4px", sm: "6px", md: "8px", lg: "8px", xl: "8px" },
    defaultRadius: "md",
    cursorType: "pointer",
    respectReducedMotion: true,
    components: {
      Button: { defaultProps: { size: "sm" }, styles: { label: { fontWeight: 500 } } },
      Tooltip: { defaultProps: { openDelay: 400, withArrow: false, offset: 6 } },
      Modal: { defaultProps: { radius: "md", centered: true, shadow: "md" } },
      Menu: { defaultProps: { shadow: "md", radius: "md" } },
      Table: { defaultProps: { horizontalSpacing: "sm", verticalSpacing: "xs" } },
      Overlay: { defaultProps: { backgroundOpacity: 0.25, blur: 0 } },
      Skeleton: { defaultProps: { radius: "sm" } },
    },
  });
}

const LIGHT = {
  "--ground": "#fbfaf7",
  "--surface": "#ffffff",
  "--sunken": "#f4f2ec",
  "--hover": "#f0eee7",
  "--ink": "#1d1e1b",
  "--ink-soft": "#5d5e57",
  "--ink-faint": "#8d8d83",
  "--hairline": "#e7e4db",
  "--hairline-strong": "#cfcbbf",
  "--accent": "#1f6f5c",
  "--accent-strong": "#195b4b",
  "--accent-wash": "#e8f1ee",
  "--on-accent": "#ffffff",
  "--bad": "#a93524",
  "--bad-wash": "#faece8",
  "--warn": "#865400",
  "--warn-wash": "#faf1df",
  "--info": "#2b5b99",
  "--info-wash": "#eaf0f8",
  "--good": "#1f6f5c",
  "--added": "#e4f2ea",
  "--added-strong": "#bfe3cd",
  "--removed": "#fbe9e5",
  "--removed-strong": "#f5c6bc",
  "--code-keyword": "#8a3b78",
  "--code-string": "#2f6b3a",
  "--code-number": "#8a4b12",
  "--code-comment": "#6d6e66",
  "--code-name": "#2b5b99",
  "--code-type": "#1f6f5c",
};

const DARK: Record<keyof typeof LIGHT, string> = {
  "--ground": "#15171a",
  "--surface": "#1c1f23",
  "--sunken": "#111315",
  "--hover": "#22262b",
  "--ink": "#e8e6e1",
  "--ink-soft": "#a5a6a1",
  "--ink-faint": "#7b7d7c",
  "--hairline": "#2a2e33",
  "--hairline-strong": "#3d4248",
  "--accent": "#5db89f",
  "--accent-strong": "#6fc5ad",
  "--accent-wash": "#192b27",
  "--on-accent": "#0c1a16",
  "--bad": "#f2917f",
  "--bad-wash": "#33201c",
  "--warn": "#dfae57",
  "--warn-wash": "#302616",
  "--info": "#8ab4eb",
  "--info-wash": "#1a2534",
  "--good": "#5db89f",
  "--added": "#17291f",
  "--added-strong": "#23513a",
  "--removed": "#331e1b",
  "--removed-strong": "#6b2f27",
  "--code-keyword": "#d79ac8",
  "--code-string": "#93c89d",
  "--code-number": "#dda56f",
  "--code-comment": "#8b8d8a",
  "--code-name": "#8ab4eb",
  "--code-type": "#6fc5ad",
};

const FROM_TOKENS = {
  "--mantine-color-body": "var(--ground)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-soft)",
  "--mantine-color-placeholder": "var(--ink-faint)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-default-border": "var(--hairline-strong)",
  "--mantine-color-anchor": "var(--accent)",
  "--mantine-color-error": "var(--bad)",
  "--mantine-primary-color-contrast": "var(--on-accent)",
};

/** Mantine's own variables follow ours, in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...LIGHT, ...FROM_TOKENS },
  dark: { ...DARK, ...FROM_TOKENS },
});

/** The ground of each scheme, for the browser's own chrome. */
export const GROUND = { light: LIGHT["--ground"], dark: DARK["--ground"] };
