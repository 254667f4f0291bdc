/** Where this process stands in each controller's tree of control groups. */
export interface CgroupLayout {
  version: 1 | 2;
  /** controller -> directories in which a group could be made, the best first */
  controllers: Record<string, string[]>;
}

interface CgroupMount {
  root: string;
  at: string;
  type: string;
  options: string[];
}

/** Lines of /proc/self/mountinfo that are control groups (proc(5): fields up to " - ", then type, source, options). */
function parseMounts(mountinfo: string): CgroupMount[] {
  return mountinfo
    .split("\n")
    .map((line) => line.split(" - "))
    .filter((halves) => halves.length === 2)
    .map(([left = "", right = ""]) => {
      const fields = left.split(" ");
      const [type = "", , options = ""] = right.split(" ");
      return { root: fields[3] ?? "/", at: fields[4] ?? "", type, options: options.split(",") };
    })
    .filter(({ type }) => type === "cgroup" || type === "cgroup2");
}

/** The directory of `group` under a mount that shows the tree from `root` on. */
function directoryOf(mount: CgroupMount, group: string): string {
  const below =
    mount.root === "/" ? group : group.startsWith(mount.root) ? group.slice(mount.root.length) : "";
  return `${mount.at}${below === "/" ? "" : below}`;
}

const WANTED = ["memory", "pids", "cpu", "cpuacct"];

/**
 * Reads /proc/self/cgroup and /proc/self/mountinfo. Version 1 controllers come first where they hold the memory;
 * `unified` are the controllers that the version 2 tree offers at its top.
 */
export function layoutOf(selfCgroup: string, mountinfo: string, unified: string[]): CgroupLayout {
  const mounts = parseMounts(mountinfo);
  const groups = selfCgroup.split("\n").map((line) => line.split(":"));
  const controllers: Record<string, string[]> = {};
  for (const name of WANTED) {
    const mount = mounts.find(({ type, options }) => type === "cgroup" && options.includes(name));
    const group = groups
      .find(([, names]) => names?.split(",").includes(name))
      ?.slice(2)
      .join(":");
    if (mount && group !== undefined) controllers[name] = unique([directoryOf(mount, group), mount.at]);
  }
  if (controllers.memory || controllers.pids) return { version: 1, controllers };
  const mount = mounts.find(({ type }) => type === "cgroup2");
  const group =
    groups
      .find(([id]) => id === "0")
      ?.slice(2)
      .join(":") ?? "/";
  if (!mount) return { version: 2, controllers: {} };
  const places = unique([directoryOf(mount, group), mount.at]);
  return {
    version: 2,
    controllers: Object.fromEntries(
      WANTED.filter((name) => unified.includes(name)).map((name) => [name, places]),
    ),
  };
}

function unique(list: string[]): string[] {
  return [...new Set(list)];
}
