// For a container's health check: `node deploy/healthy.mjs <port>`. Exit code 0 when the part serves.
const [, , port] = process.argv;
const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(20_000) });
process.exit(answer.ok ? 0 : 1);
