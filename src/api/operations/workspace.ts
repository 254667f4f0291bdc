import { ok, operation } from "#api/operation.ts";
import { Workspace } from "#api/schema/workspace.ts";

export const findWorkspace = operation({
  id: "readWorkspace",
  method: "GET",
  path: "/workspace",
  scope: "api:read",
  tag: "Workspace",
  summary: "State, languages, limits and gauges of your workspace",
  responses: { 200: { description: "The workspace", schema: Workspace } },
  async handle({ parts, identity }) {
    return ok(await parts.workspaces.read(identity.userId));
  },
});

const actions = {
  start: "Start it, or find it running",
  stop: "End every process in it; data stays; runs go on when it is started again",
  restart: "Stop it, then start it",
} as const;

function lifecycle(action: keyof typeof actions) {
  return operation({
    id: `${action}Workspace`,
    method: "POST",
    path: `/workspace/${action}`,
    scope: "api",
    tag: "Workspace",
    summary: actions[action],
    responses: { 200: { description: "The workspace", schema: Workspace } },
    async handle({ parts, identity }) {
      await parts.workspaces[action](identity.userId);
      return ok(await parts.workspaces.read(identity.userId));
    },
  });
}

export const startWorkspace = lifecycle("start");
export const stopWorkspace = lifecycle("stop");
export const restartWorkspace = lifecycle("restart");

export const removeWorkspace = operation({
  id: "deleteWorkspace",
  method: "DELETE",
  path: "/workspace",
  scope: "api",
  tag: "Workspace",
  summary: "Remove the workspace with all files in it; versions stay",
  responses: { 204: { description: "Removed" } },
  async handle({ parts, identity }) {
    await parts.workspaces.destroy(identity.userId);
    return { status: 204 };
  },
});
