/**
 * Sends a signal to a process; 0 only asks whether it is there.
 * @returns false when there is no such process; one that belongs to somebody else is there, too
 */
export function signalProcess(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH") return false;
    if (code === "EPERM" && name === 0) return true;
    throw error;
  }
}
