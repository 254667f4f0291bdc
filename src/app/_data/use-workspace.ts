"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { FileList, Snippet, SnippetResult, Workspace } from "#api/schema/workspace.ts";
import { callApi, callForBytes } from "#app/_data/call-api.ts";
import { keys } from "#app/_data/keys.ts";

/** News come by the socket; this is for what was said while there was none. */
const LOOK_EVERY_MS = 30_000;

/** Files larger than this are offered for download, not for editing. Bytes. */
const LARGEST_SHOWN_FILE = 1024 * 1024;

export function useWorkspace() {
  return useQuery({
    queryKey: keys.workspace,
    queryFn: ({ signal }) => callApi<Workspace>("GET", "/workspace", { signal }),
    refetchInterval: LOOK_EVERY_MS,
  });
}

export function useTurnWorkspace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (to: "start" | "stop" | "restart") => callApi<Workspace>("POST", `/workspace/${to}`),
    onSettled: () => client.invalidateQueries({ queryKey: keys.workspace }),
  });
}

/** Removes the workspace with all files in it. */
export function useWipeWorkspace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApi<undefined>("DELETE", "/workspace"),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.workspace });
      void client.invalidateQueries({ queryKey: ["files"] });
    },
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

/** Looks again at what is shown of an agent's files each time its run has written some. */
export function useFollowFiles(agentId: string, written: readonly unknown[]): void {
  const client = useQueryClient();
  useEffect(() => {
    if (written.length > 0) void client.invalidateQueries({ queryKey: keys.files(agentId) });
  }, [client, agentId, written]);
}

/** What can be shown of a file; no text where its bytes are not text, or too many. */
export type FileContent = { kind: "text"; text: string } | { kind: "binary" } | { kind: "large" };

export function useFileContent(agentId: string, path: string) {
  return useQuery({
    queryKey: keys.file(agentId, path),
    queryFn: async ({ signal }): Promise<FileContent> => {
      const bytes = await callForBytes(`/agents/${agentId}/files/content`, LARGEST_SHOWN_FILE, {
        query: { path },
        signal,
      });
      return bytes === null ? { kind: "large" } : readContent(bytes);
    },
  });
}

function readContent(bytes: ArrayBuffer): FileContent {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\u0000") ? { kind: "binary" } : { kind: "text", text };
  } catch {
    // The decoder says "not UTF-8" by throwing.
    return { kind: "binary" };
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
      const kept: FileContent = { kind: "text", text };
      client.setQueryData(keys.file(agentId, path), kept);
      void client.invalidateQueries({ queryKey: [...keys.files(agentId), "directory"] });
    },
  });
}

export function useRunSnippet(agentId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (snippet: Snippet) =>
      callApi<SnippetResult>("POST", `/agents/${agentId}/exec`, { json: snippet }),
    // What ran may have written.
    onSettled: () => client.invalidateQueries({ queryKey: keys.files(agentId) }),
  });
}
