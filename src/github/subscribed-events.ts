/** What the App asks GitHub to tell it. Events about the installation itself come unasked. */
export const SUBSCRIBED_EVENTS = [
  "check_run",
  "check_suite",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "push",
  "repository",
] as const;

const UNASKED = ["installation", "installation_repositories", "github_app_authorization"] as const;

/** Whether an event is kept for the runner to work off; others are answered and forgotten. */
export function isHandled(event: string): boolean {
  return [...SUBSCRIBED_EVENTS, ...UNASKED].some((known) => known === event);
}
