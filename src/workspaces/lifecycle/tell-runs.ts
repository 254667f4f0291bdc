import { appendEvents } from "#events/log.ts";
import type { Sql } from "#platform/db.ts";
import type { Warning } from "#workspaces/workspace-info.ts";

type Locale = "en" | "ko" | "ja";

interface Run {
  id: string;
  fence: number;
  locale: string | null;
}

/** Says in each run of the user that is on what has just gone wrong with the workspace. */
export async function tellRuns(sql: Sql, userId: string, news: readonly Warning[]): Promise<void> {
  if (news.length === 0) return;
  const { rows } = await sql.query<Run>(
    `SELECT r.id, r.fence, u.locale FROM runs r JOIN users u ON u.id = r.user_id
      WHERE r.user_id = $1 AND r.status = 'running'`,
    [userId],
  );
  for (const { id, fence, locale } of rows) {
    const say = WORDS[locale === "ko" || locale === "ja" ? locale : "en"];
    const items = news.map((warning) => ({
      body: { type: "notice", level: "warning", text: say(warning) } as const,
    }));
    await appendEvents(sql, { runId: id, fence }, items);
  }
}

const percent = (share: number) => `${Math.round(share * 100)}%`;

function hoursUntil(time: string): number {
  return Math.max(1, Math.round((Date.parse(time) - Date.now()) / 3_600_000));
}

const WORDS: Record<Locale, (warning: Warning) => string> = {
  en(warning) {
    switch (warning.kind) {
      case "memory_high":
        return `The workspace uses ${percent(warning.share)} of its memory. Beyond the limit a command is ended.`;
      case "disk_high":
        return `The workspace's disk is ${percent(warning.share)} full.`;
      case "processes_high":
        return `The workspace runs ${percent(warning.share)} of the processes that it may.`;
      case "disk_full_soon":
        return `At this pace the workspace's disk is full in about ${hoursUntil(warning.fullAt)} h.`;
      case "out_of_memory":
        return `Out of memory: ${warning.command ?? "a process in the workspace"} was ended.`;
    }
  },
  ko(warning) {
    switch (warning.kind) {
      case "memory_high":
        return `작업 공간이 메모리의 ${percent(warning.share)}를 쓰고 있습니다. 한도를 넘으면 명령이 종료됩니다.`;
      case "disk_high":
        return `작업 공간의 디스크가 ${percent(warning.share)} 찼습니다.`;
      case "processes_high":
        return `작업 공간이 허용된 프로세스의 ${percent(warning.share)}를 실행하고 있습니다.`;
      case "disk_full_soon":
        return `이 속도라면 작업 공간의 디스크가 약 ${hoursUntil(warning.fullAt)}시간 뒤에 가득 찹니다.`;
      case "out_of_memory":
        return `메모리 부족: ${warning.command ?? "작업 공간의 프로세스"}이(가) 종료되었습니다.`;
    }
  },
  ja(warning) {
    switch (warning.kind) {
      case "memory_high":
        return `ワークスペースがメモリの ${percent(warning.share)} を使っています。上限を超えるとコマンドは終了されます。`;
      case "disk_high":
        return `ワークスペースのディスクが ${percent(warning.share)} 埋まっています。`;
      case "processes_high":
        return `ワークスペースが許されたプロセスの ${percent(warning.share)} を動かしています。`;
      case "disk_full_soon":
        return `このままではワークスペースのディスクが約 ${hoursUntil(warning.fullAt)} 時間で一杯になります。`;
      case "out_of_memory":
        return `メモリ不足: ${warning.command ?? "ワークスペースのプロセス"} が終了されました。`;
    }
  },
};
