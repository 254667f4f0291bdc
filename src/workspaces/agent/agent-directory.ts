import { agentFiles } from "#workspaces/agent/agent-files.ts";
import { checkId } from "#workspaces/agent/check-path.ts";
import { ranOutOfMemory, toRequest } from "#workspaces/agent/process-request.ts";
import { runJournalled } from "#workspaces/agent/run-journalled.ts";
import type { Connection } from "#workspaces/connection.ts";
import { ExecAnswer, readAnswer, readableText } from "#workspaces/link/wire.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import type { AgentDirectory, OutputPiece, ProcessSpec } from "#workspaces/workspace.ts";

/** An agent's directory through a connection. @throws AppError bad_request for what is no id */
export function agentDirectory(connection: Connection, agentId: string): AgentDirectory {
  checkId(agentId);
  const noteKill = ({ argv, script }: ProcessSpec) =>
    connection.noteOutOfMemory({ agentId, command: commandOf(argv, script) });
  return {
    agentId,
    ...agentFiles(connection, agentId),

    async exec(spec, signal) {
      const request = toRequest(spec, connection.commandMs);
      const link = await connection.link();
      const command = link.call({
        method: "POST",
        path: "/v1/exec",
        body: JSON.stringify({ ...request, agent: agentId }),
        timeoutMs: request.timeoutMs + TUNABLES.graceMs,
        maxBytes: 3 * request.outputLimit + 64 * 1024,
        ...(signal ? { signal } : {}),
      });
      // Counted while the command is on its way: no process fills a workspace's memory sooner than that.
      const [answer, before] = await Promise.all([command, connection.outOfMemoryKills()]);
      const { stdout, stderr, ...exit } = readAnswer(ExecAnswer, answer);
      const errors = decode(stderr);
      const outOfMemory = exit.outOfMemory || (await ranOutOfMemory(exit, errors, connection, before));
      if (outOfMemory) noteKill(spec);
      return { ...exit, stdout: decode(stdout), stderr: errors, outOfMemory };
    },

    async run(id, spec, onOutput, signal) {
      const request = toRequest(spec, connection.commandMs);
      const before = await connection.outOfMemoryKills();
      const heard = { stdout: "", stderr: "" };
      const tell = async (piece: OutputPiece) => {
        heard[piece.stream] += piece.text;
        await onOutput(piece);
      };
      const job = { connection, agentId, id, request, onOutput: tell, ...(signal ? { signal } : {}) };
      const { interrupted: _, ...exit } = await runJournalled(job);
      const outOfMemory = exit.outOfMemory || (await ranOutOfMemory(exit, heard.stderr, connection, before));
      if (outOfMemory) noteKill(spec);
      return { ...exit, ...heard, outOfMemory };
    },
  };
}

/** As a person would recognise it: of a snippet its own first line, not the words that start it. */
function commandOf(argv: string[], script: string | undefined): string {
  const words = argv.map((word) => word.replace(/^\/(usr\/)?bin\//, "")).join(" ");
  return readableText(script?.trim().split("\n")[0] ?? words).slice(0, 120);
}

function decode(base64: string): string {
  return readableText(Buffer.from(base64, "base64").toString());
}
