import { createHmac, randomUUID } from "node:crypto";
import type { FakeState } from "./state.ts";

export interface Delivery {
  id: string;
  event: string;
  payload: Record<string, unknown>;
  /** what the receiver answered; null: not delivered */
  status: number | null;
}

export interface Hooks {
  deliveries: Delivery[];
  /** Sends an event to the App's address, signed. */
  send(event: string, payload: Record<string, unknown>): Promise<Delivery>;
  /** Sends one again, under the same id. */
  redeliver(delivery: Delivery): Promise<number | null>;
  /** Until it is let go, events are kept and not sent. */
  hold(): void;
  release(): Promise<void>;
  /** until everything that was sent has been answered */
  settled(): Promise<void>;
}

export function createHooks(state: FakeState): Hooks {
  const deliveries: Delivery[] = [];
  const waiting: Delivery[] = [];
  let held = false;
  let last: Promise<unknown> = Promise.resolve();

  async function deliver(delivery: Delivery): Promise<number | null> {
    const { webhookUrl, webhookSecret } = state.app;
    if (webhookUrl === null) return null;
    const body = JSON.stringify(delivery.payload);
    const signature = createHmac("sha256", webhookSecret).update(body).digest("hex");
    const response = await fetch(webhookUrl, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/fake",
        "x-github-event": delivery.event,
        "x-github-delivery": delivery.id,
        "x-hub-signature-256": `sha256=${signature}`,
      },
      body,
    }).catch(() => null); // The receiver is down: GitHub does not try again by itself.
    delivery.status = response?.status ?? null;
    await response?.arrayBuffer();
    return delivery.status;
  }

  const hooks: Hooks = {
    deliveries,
    async send(event, payload) {
      const delivery: Delivery = { id: randomUUID(), event, payload, status: null };
      deliveries.push(delivery);
      if (held) waiting.push(delivery);
      else {
        const sent = deliver(delivery);
        last = Promise.all([last, sent]);
        await sent;
      }
      return delivery;
    },
    redeliver: deliver,
    hold() {
      held = true;
    },
    async release() {
      held = false;
      for (const delivery of waiting.splice(0)) await deliver(delivery);
    },
    async settled() {
      await last;
    },
  };
  return hooks;
}

/** Who did it, as payloads name a person. */
export function senderOf(state: FakeState, login: string) {
  const account = state.accounts.find((known) => known.login === login);
  return { login, id: account?.id ?? 0, type: account?.type ?? "User" };
}

/** An installation, as payloads name it in full. */
export function installationPayload(state: FakeState, id: number) {
  const installation = state.installations.get(id);
  if (!installation) throw new Error(`no installation ${id}`);
  const { account, selection, suspended } = installation;
  const now = new Date().toISOString();
  return {
    id,
    app_id: state.app.id,
    app_slug: state.app.slug,
    account,
    target_id: account.id,
    target_type: account.type,
    repository_selection: selection,
    permissions: {
      contents: "write",
      pull_requests: "write",
      checks: "read",
      issues: "read",
      metadata: "read",
    },
    events: [],
    html_url: `${state.url}/settings/installations/${id}`,
    access_tokens_url: `${state.url}/app/installations/${id}/access_tokens`,
    repositories_url: `${state.url}/installation/repositories`,
    created_at: now,
    updated_at: now,
    suspended_at: suspended ? now : null,
    suspended_by: null,
    single_file_name: null,
  };
}
