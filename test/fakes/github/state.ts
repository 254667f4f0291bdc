/** What the emulator does not know: who has installed the App where, and which tokens are good for what. */

export interface Account {
  id: number;
  login: string;
  type: "User" | "Organization";
}

export interface Installation {
  id: number;
  account: Account;
  installed: boolean;
  suspended: boolean;
  selection: "all" | "selected";
  /** of a selected installation */
  repositories: Set<number>;
}

export interface Issued {
  kind: "installation" | "user";
  installationId?: number;
  login?: string;
  permissions?: Record<string, string>;
  /** null: all of the installation's */
  repositoryIds: number[] | null;
  issuedAt: number;
  revoked: boolean;
}

export interface FakeApp {
  id: number;
  slug: string;
  name: string;
  clientId: string;
  clientSecret: string;
  webhookSecret: string;
  /** PEM, as GitHub hands it out */
  privateKey: string;
  /** where codes may be sent; set by a manifest or by a test */
  callbackUrls: string[];
  /** null until it is set by a manifest or by a test */
  webhookUrl: string | null;
  manifest: Record<string, unknown> | null;
}

export interface KnownRepository {
  id: number;
  owner: string;
  name: string;
}

export interface FakeState {
  url: string;
  emulator: string;
  app: FakeApp;
  accounts: Account[];
  members: Map<string, string[]>;
  installations: Map<number, Installation>;
  repositories: Map<number, KnownRepository>;
  tokens: Map<string, Issued>;
  /** a person's own token, by login */
  personTokens: Map<string, string>;
  /** `owner`: an organisation; null: the person who made it */
  manifestCodes: Map<string, { manifest: Record<string, unknown>; owner: string | null }>;
  requests: { method: string; path: string; token: string | null }[];
  violations: string[];
  /** the next API request is answered so */
  faults: { status: number; headers?: Record<string, string>; body?: unknown }[];
}
