import { z } from "zod";
import { NextCursor, Time } from "#api/schema/primitives.ts";

const GitHubInstallation = z.object({
  id: z.int(),
  account: z.string(),
  status: z.enum(["active", "suspended", "removed"]),
  manageUrl: z.string().meta({ description: "GitHub's page on which it is given repositories, or removed." }),
});

const GitHubRepository = z.object({
  owner: z.string(),
  name: z.string(),
  defaultBranch: z.string(),
  private: z.boolean(),
  url: z.string(),
  state: z.enum(["active", "suspended", "removed", "deleted", "out_of_reach"]).meta({
    description:
      "What stands in the way of publishing. suspended, removed: the installation is; deleted: the repository is; out_of_reach: the App may not see it any more.",
  }),
});
export type GitHubRepository = z.infer<typeof GitHubRepository>;

export const GitHub = z.object({
  configured: z.boolean(),
  missing: z.array(z.string()).meta({ description: "Variables of the environment that are not set." }),
  account: z.string().nullable().meta({ description: "Your name on GitHub." }),
  installation: GitHubInstallation.nullable(),
  installations: z.array(GitHubInstallation),
  repository: GitHubRepository.nullable(),
  createUrl: z.string().nullable().meta({ description: "GitHub's page for a new repository, filled in." }),
});
export type GitHub = z.infer<typeof GitHub>;

export const GitHubOffers = z.object({
  repositories: z.array(
    z.object({ owner: z.string(), name: z.string(), private: z.boolean(), pushedAt: Time.nullable() }),
  ),
  nextCursor: NextCursor,
});
export type GitHubOffers = z.infer<typeof GitHubOffers>;

const Owner = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/, "is not a name that GitHub gives accounts");

export const RepositoryChoice = z.strictObject({
  owner: Owner,
  name: z
    .string()
    .regex(/^[\w.-]{1,100}$/, "is not a name that GitHub gives repositories")
    .refine((name) => !/^\.+$/.test(name), "is not a name that GitHub gives repositories"),
});
export type RepositoryChoice = z.infer<typeof RepositoryChoice>;

export const NewGitHubApp = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(34, "is longer than the 34 characters that GitHub allows")
    .regex(/^[\w .-]*$/, "may have letters, digits, spaces, dots and hyphens")
    .optional()
    .meta({ description: "Unique on GitHub." }),
  organisation: Owner.optional().meta({ description: "Who owns it; default: the operator." }),
});
export type NewGitHubApp = z.infer<typeof NewGitHubApp>;

export const GitHubAppForm = z.object({
  action: z.string().meta({ description: "Where the browser posts the manifest to." }),
  manifest: z.string().meta({ description: "JSON, the form's field `manifest`." }),
});
export type GitHubAppForm = z.infer<typeof GitHubAppForm>;

export const GitHubApp = z.object({
  source: z.enum(["environment", "made"]).nullable(),
  set: z.array(z.string()).meta({ description: "Variables of the environment that are set." }),
  missing: z.array(z.string()),
  app: z
    .object({
      name: z.string(),
      owner: z.string(),
      url: z.string(),
      settingsUrl: z.string(),
      createdAt: Time,
    })
    .nullable()
    .meta({ description: "The App that was made here." }),
  reachable: z.boolean().meta({ description: "Whether GitHub can send events to this address." }),
});
export type GitHubApp = z.infer<typeof GitHubApp>;
