"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FileList, Snippet, SnippetResult, Workspace } from "#api/schema/workspace.ts";
import { callApi, callForBytes } from "#app/_data/call-api.ts";
import { keys } from "#app/_data/keys.ts";

const GAUGES_EVERY_MS = 10_000;

/** Files larger than this are offered for download, not for editing. */
export const LARGEST_SHOWN_FILE = 1024 * 1024;

export function useWorkspace() {
  return useQuery({
    queryKey: keys.workspace,
    queryFn: ({ signal }) => callApi<Workspace>("GET", "/workspace", { signal }),
    refetchInterval: GAUGES_EVERY_MS,
  });
}

export function useTurnWorkspace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (to: "start" | "stop" | "restart") => callApi<Workspace>("POST", `/workspace/${to}`),
    onSettled: () => client.invalidateQueries({ queryKey: keys.workspace }),
  });
}

/** What stands in one directory: directories first, then files, by name. */
export function useDirectory(agentId: string, path: string) {
  return useQuery({
    queryKey: keys.directory(agentId, path),
    queryFn: ({ signal }) =>
      callApi<FileList>("GET", `/agents/${agentId}/files`, { query: { path: path || undefined }, signal }),
    select: (list) =>
      [...list.files].sort(
        (one, other) =>
          Number(other.type === "directory") - Number(one.type === "directory") ||
          one.path.localeCompare(other.path),
      ),
  });
}

/** A file's text; null when its bytes are not text. */
export function useFileText(agentId: string, path: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.file(agentId, path),
    enabled,
    queryFn: async ({ signal }) =>
      asText(await callForBytes(`/agents/${agentId}/files/content`, { query: { path }, signal })),
  });
}

function asText(bytes: ArrayBuffer): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\u0000") ? null : text;
  } catch {
    // The decoder says "not UTF-8" by throwing.
    return null;
  }
}

export function useSaveFile(agentId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, text }: { path: string; text: string }) =>
      callApi<unknown>("PUT", `/agents/${agentId}/files/content`, {
        query: { path },
        body: new Blob([text], { type: "application/octet-stream" }),
      }),
    onSuccess: (_answer, { path, text }) => {
      client.setQueryData(keys.file(agentId, path), text);
      void client.invalidateQueries({ queryKey: [...keys.files(agentId), "directory"] });
    },
  });
}

export function useRunSnippet(agentId: string) {
  return useMutation({
    mutationFn: (snippet: Snippet) =>
      callApi<SnippetResult>("POST", `/agents/${agentId}/exec`, { json: snippet }),
  });
}
