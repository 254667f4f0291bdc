import { Pool } from "undici";

export interface Load {
  perSecond: number;
  /** milliseconds, one for each call */
  times: number[];
}

/** So many connections, each with one call after the other, for so long. Every answer must be a 200. */
export async function load(options: {
  url: string;
  connections: number;
  seconds: number;
  tokenOf: (n: number) => string;
  body: string;
}): Promise<Load> {
  const pool = new Pool(options.url, { connections: options.connections });
  const times: number[] = [];
  const begin = performance.now();
  const end = begin + options.seconds * 1000;
  let next = 0;
  const connection = async () => {
    while (performance.now() < end) {
      const sent = performance.now();
      const answer = await pool.request({
        method: "POST",
        path: "/v1/messages",
        headers: { "content-type": "application/json", "x-api-key": options.tokenOf(next++) },
        body: options.body,
      });
      await answer.body.dump({ limit: 1e9 });
      if (answer.statusCode !== 200) throw new Error(`a call was answered ${answer.statusCode}`);
      times.push(performance.now() - sent);
    }
  };
  try {
    await Promise.all(Array.from({ length: options.connections }, connection));
    return { perSecond: (times.length / (performance.now() - begin)) * 1000, times };
  } finally {
    await pool.destroy();
  }
}
