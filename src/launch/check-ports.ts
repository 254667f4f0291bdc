import { once } from "node:events";
import { createServer } from "node:net";
import { AppError } from "#platform/errors.ts";

/** @throws AppError conflict, naming the variable to change, when one of the ports cannot be listened on */
export async function checkPorts(host: string, ports: Record<string, number>): Promise<void> {
  const seen = new Map<number, string>();
  for (const [variable, port] of Object.entries(ports)) {
    const other = seen.get(port);
    if (other !== undefined)
      throw new AppError("conflict", `${other} and ${variable} are both ${port}: change one`);
    seen.set(port, variable);
    await checkPort(host, variable, port);
  }
}

async function checkPort(host: string, variable: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen({ port, host });
    await once(server, "listening");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem =
      code === "EADDRINUSE"
        ? `Port ${port} is in use`
        : `Port ${port} of ${host} cannot be listened on (${code})`;
    throw new AppError("conflict", `${problem}: set ${variable} to another`, { cause });
  }
  server.close();
  await once(server, "close");
}
