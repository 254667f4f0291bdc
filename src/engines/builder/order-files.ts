/**
 * The files in stages: each needs only files of earlier stages, so that those of one stage could be written at the
 * same time. Within a stage the plan's order is kept. null: some of them need each other in a circle.
 */
export function orderFiles<T extends { path: string; dependsOn: string[] }>(files: T[]): T[][] | null {
  const planned = new Set(files.map(({ path }) => path));
  const written = new Set<string>();
  const stages: T[][] = [];
  let waiting = files;
  while (waiting.length > 0) {
    const ready = waiting.filter((file) =>
      file.dependsOn.every((path) => !planned.has(path) || written.has(path)),
    );
    if (ready.length === 0) return null;
    stages.push(ready);
    for (const { path } of ready) written.add(path);
    waiting = waiting.filter((file) => !written.has(file.path));
  }
  return stages;
}
