import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { createInterface } from 'node:readline'
import { join } from 'node:path'

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'tokenctl.js')

/** `tokenctl serve` in a process of its own. */
export class VerificationServer {
  readonly #process: ChildProcess
  readonly #agent = new Agent({ keepAlive: true })
  readonly #address: string

  static async start(environment: Readonly<Record<string, string>>): Promise<VerificationServer> {
    const argv = [PROGRAM, 'serve', '--listen', '127.0.0.1:0']
    const child = spawn(process.execPath, argv, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
    const lines = createInterface({ input: child.stderr })
    const [first] = (await once(lines, 'line')) as [string]
    if (!first.startsWith('{')) throw new Error(`it did not listen: ${first}`)
    return new VerificationServer(child, (JSON.parse(first) as { address: string }).address)
  }

  private constructor(child: ChildProcess, address: string) {
    this.#process = child
    this.#address = address
  }

  /** `valid`, the reason why not, `unavailable`, or `gone` where there is no answer. */
  async answer(token: string, query = ''): Promise<string> {
    try {
      const { status, challenge } = await this.#get(`/verify${query}`, { authorization: `Bearer ${token}` })
      if (status === 200) return 'valid'
      if (status === 503) return 'unavailable'
      return /error="([a-z_]+)"/.exec(challenge)?.[1] ?? String(status)
    } catch {
      return 'gone'
    }
  }

  /** Kilobytes of memory. */
  get memory(): number {
    return Number(
      /^VmRSS:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${this.#process.pid ?? 0}/status`, 'utf8'))?.[1],
    )
  }

  /** @returns its exit code; null where it was killed */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const { exitCode, signalCode } = this.#process
    if (exitCode !== null || signalCode !== null) return exitCode
    this.#process.kill(signal)
    const [code] = (await once(this.#process, 'exit')) as [number | null]
    this.#agent.destroy()
    return code
  }

  #get(
    path: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ status: number; challenge: string }> {
    return new Promise((resolve, reject) => {
      const request = get(this.#address + path, { agent: this.#agent, headers }, (response) => {
        response.resume()
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            challenge: response.headers['www-authenticate'] ?? '',
          }),
        )
      })
      request.on('error', reject)
    })
  }
}
