import { Masker, maskInTurns } from "#workspaces/environment/masker.ts";
import type { Patterns } from "#workspaces/environment/patterns.ts";
import { secretPatterns } from "#workspaces/environment/secret-patterns.ts";
import type { AgentDirectory, OutputPiece, ProcessResult } from "#workspaces/workspace.ts";

export interface Environment {
  variables: Record<string, string>;
  /** values that nobody may see */
  secrets: string[];
}

export interface EnvironmentSource {
  /** as it is now, for a process that starts */
  now(): Promise<Environment>;
  /** as it was a moment ago, for many small reads */
  lately(): Promise<Environment>;
}

/**
 * An agent's directory whose processes find the private environment and whose answers do not show it: what a process
 * says, and what is read for a model or a version. `readStream` is a person's look at the files: it shows them as they are.
 */
export function withEnvironment(directory: AgentDirectory, source: EnvironmentSource): AgentDirectory {
  return {
    ...directory,

    async exec(spec, signal) {
      const { variables, secrets } = await source.now();
      const patterns = await secretPatterns(secrets);
      const result = await directory.exec({ ...spec, env: { ...variables, ...spec.env } }, signal);
      return maskResult(patterns, result);
    },

    async run(id, spec, onOutput, signal) {
      const { variables, secrets } = await source.now();
      const patterns = await secretPatterns(secrets);
      const masked = maskPieces(patterns, onOutput);
      const result = await directory.run(
        id,
        { ...spec, env: { ...variables, ...spec.env } },
        masked.take,
        signal,
      );
      await masked.end();
      return maskResult(patterns, result);
    },

    async read(path, options) {
      const content = await directory.read(path, options);
      const { secrets } = await source.lately();
      return maskBytes(await secretPatterns(secrets, "latin1"), content);
    },
  };
}

async function maskResult(patterns: Patterns, result: ProcessResult): Promise<ProcessResult> {
  const stdout = await maskInTurns(patterns, result.stdout);
  const stderr = await maskInTurns(patterns, result.stderr);
  return { ...result, stdout: stdout.text, stderr: stderr.text };
}

async function maskBytes(patterns: Patterns, content: Buffer): Promise<Buffer> {
  if (patterns.isEmpty) return content;
  const { text, found } = await maskInTurns(patterns, content.toString("latin1"));
  return found ? Buffer.from(text, "latin1") : content;
}

/** Each piece stays a piece with its number; what was held back at the end comes as one more for each stream. */
function maskPieces(patterns: Patterns, tell: (piece: OutputPiece) => void | Promise<void>) {
  const maskers = { stdout: new Masker(patterns), stderr: new Masker(patterns) };
  let seq = 0;
  return {
    async take(piece: OutputPiece) {
      seq = piece.seq;
      await tell({ ...piece, text: maskers[piece.stream].push(piece.text) });
    },
    async end() {
      for (const stream of ["stdout", "stderr"] as const) {
        const text = maskers[stream].end();
        if (text === "") continue;
        seq += 1;
        await tell({ seq, stream, text });
      }
    },
  };
}
