"use client";

import { useTranslations } from "next-intl";
import { useModels } from "#app/_data/use-account.ts";

/** Says what answers here. A script is never taken for a model. */
export function ModelNote({ model }: { model: string | null }) {
  const t = useTranslations("model");
  const models = useModels().data;
  if (!models) return model === "demo" ? t("demo") : model;
  const used = models.find(({ id }) => id === model) ?? (model === null ? models[0] : undefined);
  if (used?.scripted || model === "demo") return t("demo");
  return used?.id ?? model;
}
