/** True when a process of this id runs on this machine (also one of another user's). */
export function isProcessAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return true
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
