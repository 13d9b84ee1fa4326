import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const DOCUMENTS = join(import.meta.dirname, '..', '..', 'docs', 'gateways')
const FETCH = join(import.meta.dirname, 'fetch-gateways.sh')

/** Where the programs are kept between runs, where the machine has none installed. */
const UNPACKED = join(tmpdir(), `tokenctl-gateways-${process.getuid?.() ?? 0}`)

const MODULE = 'usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so'
const PROGRAMS = { nginx: 'usr/sbin/nginx', caddy: 'usr/bin/caddy', haproxy: 'usr/sbin/haproxy' } as const

export type GatewayName = keyof typeof PROGRAMS

/** What the documented configurations say, and what stands there for a test. */
export interface Places {
  /** A port of the loopback interface, or the path of a Unix socket. */
  readonly verifier: number | string
  readonly gateway: number
  readonly backend: number
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A real gateway with its documented configuration, in a folder of its own. */
export class Gateway {
  readonly #process: ChildProcess
  readonly #folder: string
  /** All that it has printed. */
  said = ''

  private constructor(process: ChildProcess, folder: string) {
    this.#process = process
    this.#folder = folder
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on('data', (text: Buffer) => (this.said += text.toString()))
    }
  }

  /** @param changed what to do to the documents besides, for those who want to see a rule fail */
  static async start(name: GatewayName, places: Places, changed = (text: string) => text): Promise<Gateway> {
    const root = rootOf(name)
    const folder = mkdtempSync(join(tmpdir(), `tokenctl-${name}-`))
    const write = (file: string, text: string): string => {
      writeFileSync(join(folder, file), text)
      return join(folder, file)
    }
    const configured = (file: string): string =>
      changed(placed(readFileSync(join(DOCUMENTS, file), 'utf8'), places, folder))
    const command = {
      nginx: () => {
        write('tokenctl.conf', configured('nginx.conf'))
        write('nginx.conf', AROUND_NGINX.replace('MODULE', join(root, MODULE)))
        for (const kept of ['body', 'proxy']) mkdirSync(join(folder, kept))
        return ['-e', 'stderr', '-p', folder, '-c', 'nginx.conf', '-g', 'daemon off; master_process off;']
      },
      caddy: () => ['run', '--adapter', 'caddyfile', '--config', write('Caddyfile', configured('Caddyfile'))],
      haproxy: () => {
        write('tokenctl.lua', configured('tokenctl.lua'))
        return ['-db', '-f', write('haproxy.cfg', configured('haproxy.cfg'))]
      },
    }[name]()
    // A gateway never outlives its test, not even one that was killed.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', join(root, PROGRAMS[name]), ...command], {
      cwd: folder,
      env: { HOME: folder, PATH: '/usr/bin:/bin', LD_LIBRARY_PATH: librariesOf(root) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const gateway = new Gateway(child, folder)
    await gateway.#answers(places.gateway)
    return gateway
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = new Promise((resolve) => this.#process.once('exit', resolve))
      this.#process.kill('SIGKILL')
      await ended
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #answers(port: number): Promise<void> {
    while (!(await isListening(port))) {
      if (this.#process.exitCode !== null) {
        await this.stop()
        throw new Error(`it did not start:\n${this.said}`)
      }
      await setTimeout(10)
    }
  }
}

/** The text with its addresses and paths replaced, and nothing else. */
function placed(text: string, { verifier, gateway, backend }: Places, folder: string): string {
  // Each has its own word for a socket, which the document gives.
  const [, unix = ''] = /(unix[:@/]\/?)\/run\/tokenctl/.exec(text) ?? []
  return text
    .replaceAll(
      '127.0.0.1:8420',
      typeof verifier === 'number' ? `127.0.0.1:${verifier}` : `${unix}${verifier}`,
    )
    .replaceAll(':8080', `:${gateway}`)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${backend}`)
    .replaceAll('/etc/haproxy/tokenctl.lua', join(folder, 'tokenctl.lua'))
}

/** What Debian's own /etc/nginx/nginx.conf has around the files of conf.d, with folders that anybody may write. */
const AROUND_NGINX = `
load_module MODULE;
${process.getuid?.() === 0 ? 'user root;' : ''}
error_log stderr;
pid nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path proxy/fastcgi;
  uwsgi_temp_path proxy/uwsgi;
  scgi_temp_path proxy/scgi;
  include tokenctl.conf;
}
`

/** Where a gateway is installed: on the machine, or in the folder where it was unpacked. */
function rootOf(name: GatewayName): string {
  const wanted = name === 'nginx' ? [PROGRAMS.nginx, MODULE] : [PROGRAMS[name]]
  const isIn = (root: string): boolean => wanted.every((path) => existsSync(join(root, path)))
  if (isIn('/')) return '/'
  if (!existsSync(UNPACKED)) fetchThem()
  const { uid, mode } = statSync(UNPACKED)
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0) {
    throw new Error(`${UNPACKED} could have been filled by somebody else: remove it`)
  }
  if (isIn(UNPACKED)) return UNPACKED
  throw new Error(`${name} is not in ${UNPACKED}: remove that folder, and it is fetched again`)
}

function fetchThem(): void {
  const { status, stdout, stderr } = spawnSync('sh', [FETCH, UNPACKED], { encoding: 'utf8' })
  if (status !== 0) {
    throw new Error(
      `nginx, caddy and haproxy are neither installed nor could be fetched from Debian's packages by ${FETCH}:\n` +
        `${stdout}${stderr}\nhint: apt-get update, as root, or install them: ` +
        'apt install nginx libnginx-mod-http-headers-more-filter caddy haproxy',
    )
  }
}

function librariesOf(root: string): string {
  if (root === '/') return ''
  const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch as string] ?? ''
  return [`usr/lib/${triplet}`, `lib/${triplet}`, 'usr/lib'].map((path) => join(root, path)).join(':')
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
