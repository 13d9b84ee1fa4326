import { join } from 'node:path'

export interface Clipboard {
  /** Whether there is a desktop that could have one. */
  readonly isLikely: boolean
  /** The text goes to a helper's stdin. @throws Error, saying why, where there is none or it hangs */
  copy(text: string): Promise<void>
}

/** Milliseconds. */
const PATIENCE = 2_000

export const realClipboard: Clipboard = {
  get isLikely() {
    return process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)
  },

  /**
   * In a process of its own: clipboardy takes long to load, some clipboards hang, and what is started for them must be
   * stopped with all its children.
   */
  async copy(text) {
    const { spawn } = await import('node:child_process')
    const helper = spawn(process.execPath, [join(import.meta.dirname, 'clipboard-helper.mjs')], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    })
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        if (helper.pid !== undefined) process.kill(-helper.pid, 'SIGKILL')
        reject(new Error('the clipboard did not answer'))
      }, PATIENCE)
      helper.once('error', reject)
      helper.once('exit', (code) => {
        clearTimeout(timer)
        if (code === 0) resolve()
        else reject(new Error('there is no clipboard'))
      })
      helper.stdin.on('error', () => {}) // its exit code tells
      helper.stdin.end(text)
    })
  },
}
