import { request } from "undici";

/** The gateway's own figures; the longest stall is that since the last time they were read. */
export async function readMetrics(url: string): Promise<{ rss: number; stallMs: number }> {
  const text = await (await request(`${url}/metrics`)).body.text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  return {
    rss: value("process_resident_memory_bytes"),
    stallMs: value("nodejs_eventloop_lag_max_seconds") * 1000,
  };
}
