import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'

export type ResidentMemory = { readonly nowBytes: number; readonly peakBytes: number }

const isLinux = process.platform === 'linux'

/**
 * What a process holds in memory now and held at most, as the kernel counts it: Buffers, heap and code together.
 * Undefined when the process is gone or the platform cannot say at once (then `askResidentMemory`).
 */
export function residentMemory(pid: number): ResidentMemory | undefined {
  if (!isLinux) return undefined
  try {
    // Kilobytes, not pages, so that the page size of the machine does not matter.
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    const nowKilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]
    const peakKilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]
    if (nowKilobytes === undefined || peakKilobytes === undefined) return undefined
    return { nowBytes: Number(nowKilobytes) * 1024, peakBytes: Number(peakKilobytes) * 1024 }
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined
    throw error
  }
}

/** The same by `ps`, where there is no /proc (macOS, BSD); `told` is not called when ps knows nothing (Windows has none). */
export function askResidentMemory(pid: number, told: (memory: ResidentMemory) => void): void {
  if (isLinux || process.platform === 'win32') return
  execFile('ps', ['-o', 'rss=', '-p', String(pid)], (error, stdout) => {
    const nowBytes = Number(stdout.trim()) * 1024
    if (error === null && nowBytes > 0) told({ nowBytes, peakBytes: nowBytes })
  })
}
