"use client";

import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CodeImport } from "#api/schema/code-import.ts";
import { keys } from "#app/_data/keys.ts";
import { sendFile } from "#app/_data/send-file.ts";
import { UPLOAD_LIMITS } from "#imports/tunables.ts";

export const MOST_MEGABYTES = UPLOAD_LIMITS.uploadBytes / 1024 / 1024;

/** A file on its way to an agent, whatever part of the page shows it. */
export interface Sending {
  file: File;
  state: "sending" | "failed" | "too_large";
  /** 0 to 1 */
  share: number;
  problem: unknown;
  stop(): void;
  /** the same once more: under the same key it is done once, however often it is sent */
  again(): void;
}

/** Sends a file that an agent's work begins with; it goes on while the page shows something else. */
export function useUpload(agentId: string) {
  const client = useQueryClient();
  const key = keys.upload(agentId);
  // Nothing is ever asked for under this name: it is only where the parts of the page meet.
  const { data: sending } = useQuery<Sending | null>({
    queryKey: key,
    queryFn: skipToken,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const tell = (told: Sending | null) => client.setQueryData<Sending | null>(key, told);

  async function send(file: File, idempotencyKey: string): Promise<void> {
    const stopping = new AbortController();
    const now: Sending = {
      file,
      state: "sending",
      share: 0,
      problem: null,
      stop: () => stopping.abort(),
      again: () => void send(file, idempotencyKey),
    };
    if (file.size > UPLOAD_LIMITS.uploadBytes) return void tell({ ...now, state: "too_large" });
    tell(now);
    try {
      const answer = await sendFile<CodeImport>(`/agents/${agentId}/import/upload`, file, {
        query: { name: file.name },
        idempotencyKey,
        signal: stopping.signal,
        onProgress: (share) => tell({ ...now, share }),
      });
      client.setQueryData(keys.codeImport(agentId), answer);
      tell(null);
    } catch (problem) {
      tell(stopping.signal.aborted ? null : { ...now, state: "failed", problem });
    }
  }

  return {
    sending: sending ?? null,
    send: (file: File) => void send(file, crypto.randomUUID()),
  };
}
