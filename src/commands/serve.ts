import type { App } from '../cli/app.ts'
import { safeJson } from '../cli/escape.ts'
import { refuseForAnother } from '../cli/for-another.ts'
import { addHelp } from '../cli/help.ts'
import type { Result } from '../cli/output.ts'
import { checkPath } from '../core/path.ts'
import type { Program } from '../cli/program.ts'
import { timestamp } from '../cli/time.ts'
import { shown } from '../core/place.ts'
import { codeOf, Problem } from '../core/problem.ts'
import { withoutSecrets } from '../core/token-format.ts'
import type { Verifier } from '../core/verifier.ts'
import { handlerOf } from '../http/handler.ts'
import { countingJudge } from '../http/judge.ts'
import { checkListenAddress, checkSocketMode, type ListenAddress } from '../http/listen-address.ts'
import type { Served, Serving } from '../http/server.ts'
import { Tallies } from '../http/tallies.ts'
import { version } from '../version.ts'

const DEFAULT_ADDRESS = '127.0.0.1:8420'
const OWNER_ALONE = 0o600

interface Options {
  readonly listen: string
  readonly socketMode?: string | undefined
}

export function serve(program: Program, app: App): void {
  const command = program
    .command('serve')
    .summary('verify tokens for gateways, over HTTP')
    .description(
      'Answers by HTTP whether tokens are good, until a signal ends it (SIGTERM, Ctrl-C).\n' +
        'GET /verify?permission=select:sales.orders&scope=acme, with Authorization: Bearer and the token, answers 200 (and whose it is, in X-Tokenctl-…), 401, 403, or 503 where it cannot be said.\n' +
        'POST /introspect is RFC 7662; there are /healthz, /readyz and /metrics.\n' +
        'Each request that is refused or fails is one line of JSON on standard error.',
    )
    .option('--listen <address>', 'host:port, or unix:/path', DEFAULT_ADDRESS)
    .option('--socket-mode <mode>', 'who may use the socket, such as 660 (default: 600)')
    .action(app.action((options) => run(app, options)))
  addHelp(command, {
    json: FIELDS,
    examples: ['tokenctl serve', 'tokenctl serve --listen unix:/run/tokenctl/verify.sock --socket-mode 660'],
  })
}

const FIELDS = {
  verdicts: 'how many verdicts it gave',
} as const

type System = App['system']

async function run(app: App, options: Options): Promise<Result> {
  const { system } = app
  refuseForAnother(system, 'serve', 'run it as the owner of the store, such as by a service of systemd')
  const { address, socketMode } = checked(system, options)
  const stopped = new Promise<void>((resolve) => system.onSignal(resolve))

  const verifier = await app.verifier()
  const log = system.openLog()
  const write: WriteLine = (line) =>
    log.write(() => withoutSecrets(safeJson({ time: timestamp(system.now()), ...line }, 0)))
  const tallies = new Tallies()
  const serving = await closingOnFailure(verifier, async () => {
    const listen = await listenerOf(app, verifier, tallies, log, write)
    return listeningAt(system, address, socketMode, () => listen(address))
  })
  write({ event: 'listening', address: serving.address, store: shown((await app.location()).place) })
  if (!serving.isLoopback) write({ event: 'exposed', remark: EXPOSED })

  await stopped
  await serving.stop()
  await verifier.close()
  write({ event: 'stopped', usesLost: verifier.uses.waiting + verifier.uses.dropped })
  await log.close()
  return { data: { verdicts: tallies.verdictsGiven } }
}

async function closingOnFailure<T>(verifier: Verifier, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await verifier.close()
    throw error
  }
}

/** The server itself, loaded where it is wanted. */
async function listenerOf(
  { system }: App,
  verifier: Verifier,
  tallies: Tallies,
  log: Log,
  write: WriteLine,
): Promise<(address: ListenAddress) => Promise<Serving>> {
  const { elapsed } = system
  const { metricsOf } = await import('../http/metrics.ts')
  const { serveAt } = await import('../http/server.ts')
  const metrics = await metricsOf({ verifier, tallies, version, linesDropped: () => log.dropped })
  const handler = handlerOf(countingJudge(verifier, tallies, elapsed), metrics)
  const served = (request: Served): void => {
    tallies.request(request.route ?? 'other', request.status)
    if (request.refusal !== null) write(lineOf(request))
  }
  return (address) => serveAt(address, { handler, served, elapsed })
}

type Log = ReturnType<System['openLog']>
type WriteLine = (line: Readonly<Record<string, unknown>>) => void

const EXPOSED = 'other machines can reach it, and tokens cross the network as they are'

function checked(system: System, { listen, socketMode }: Options) {
  const address = checkListenAddress(listen)
  if (address.kind === 'port') {
    if (socketMode === undefined) return { address, socketMode: OWNER_ALONE }
    throw new Problem('usage', '--socket-mode is for a socket', '--listen unix:/path makes one')
  }
  const path = system.files.absolute(checkPath('--listen', address.path))
  return {
    address: checkListenAddress(`unix:${path}`),
    socketMode: socketMode === undefined ? OWNER_ALONE : checkSocketMode(socketMode),
  }
}

function lineOf({ route, status, refusal, remote, duration }: Served): Readonly<Record<string, unknown>> {
  return {
    event: status >= 500 ? 'failed' : 'refused',
    route,
    status,
    ...refusal,
    remote,
    duration: Math.round(duration * 1000) / 1000,
  }
}

async function listeningAt(
  system: System,
  address: ListenAddress,
  socketMode: number,
  listen: () => Promise<Serving>,
): Promise<Serving> {
  try {
    if (address.kind === 'port') return await listen()
    await makeRoom(system, address.path)
    const serving = await listen()
    system.files.setMode(address.path, socketMode)
    return serving
  } catch (error) {
    throw listenProblem(error, textOf(address))
  }
}

/** A socket at which nobody answers was left behind by one that was killed. */
async function makeRoom({ files, isAnswered }: System, path: string): Promise<void> {
  const folder = files.parent(path)
  if (files.status(folder)?.kind !== 'folder') {
    throw new Problem(
      'not-found',
      `no folder at ${folder}`,
      'make it first: mkdir -m 700 makes a private one',
    )
  }
  const there = files.linkStatus(path)
  if (there === null) return
  if (there.kind !== 'socket') {
    throw new Problem('conflict', `${path} is there already, and no socket`, 'give another path')
  }
  if (await isAnswered(path)) {
    throw new Problem('conflict', `somebody listens at ${path} already`, 'stop it, or give another path')
  }
  if (files.linkStatus(path)?.id === there.id) files.remove(path)
}

function textOf(address: ListenAddress): string {
  if (address.kind === 'socket') return `unix:${address.path}`
  const { host, port } = address
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** @param listen what was given, and is an address by its form */
function listenProblem(error: unknown, listen: string): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new Problem(
        'conflict',
        `${listen} is in use`,
        '--listen takes another address; port 0 is any that is free',
      )
    case 'EACCES':
    case 'EPERM':
      return new Problem(
        'denied',
        `cannot listen at ${listen}: not permitted`,
        'ports below 1024 are for root; a socket needs a folder that you can write to',
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new Problem(
        'unavailable',
        `cannot listen at ${listen}: no such address on this machine`,
        'the host is one of this machine: 127.0.0.1, [::1], localhost, or an address of its own',
      )
    default:
      return error
  }
}
