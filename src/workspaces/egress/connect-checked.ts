import net from "node:net";
import { AppError } from "#platform/errors.ts";
import { type EgressRules, refuseAddresses } from "#workspaces/egress/decide.ts";
import { type Destination, writeDestination } from "#workspaces/egress/destination.ts";
import type { Resolve } from "#workspaces/egress/resolve.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/**
 * Resolves once, checks every address, connects to one of the very addresses that were checked.
 * @throws AppError forbidden (details.reason), upstream_failed, timeout
 */
export async function connectChecked(
  rules: EgressRules,
  resolve: Resolve,
  to: Destination,
): Promise<net.Socket> {
  const addresses = to.isAddress ? [to.host] : await resolveName(resolve, to);
  const refusal = refuseAddresses(rules, to, addresses);
  if (refusal) throw new AppError("forbidden", refusal.message, { details: { reason: refusal.code } });
  let last: unknown;
  for (const address of addresses.slice(0, TUNABLES.egressAddresses)) {
    try {
      return await connect(address, to);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

async function resolveName(resolve: Resolve, to: Destination): Promise<string[]> {
  const found = await resolve(to.host).catch((cause: unknown) => {
    const why = (cause as NodeJS.ErrnoException).code ?? "unknown";
    throw new AppError("upstream_failed", `${to.host} could not be resolved (${why})`, { cause });
  });
  if (found.length === 0) throw new AppError("upstream_failed", `${to.host} has no address`);
  return found;
}

function connect(address: string, to: Destination): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: address, port: to.port, allowHalfOpen: true, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new AppError("timeout", `${writeDestination(to)} does not answer`));
    }, TUNABLES.egressConnectMs);
    socket.once("error", (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const message = `${writeDestination(to)} cannot be reached (${cause.code ?? cause.message})`;
      reject(new AppError("upstream_failed", message, { cause }));
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}
