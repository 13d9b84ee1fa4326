import type { Verifier } from '../core/verifier.ts'
import { type Answer, ok } from './message.ts'
import { BOUNDS, OUTCOMES, type Tallies } from './tallies.ts'

export interface Measured {
  readonly verifier: Verifier
  readonly tallies: Tallies
  readonly version: string
  /** Lines of the log that were given up. */
  readonly linesDropped: () => number
}

/** What Prometheus reads. Each series is there from the beginning, but for those of requests, of which there are few. */
export async function metricsOf({ verifier, tallies, version, linesDropped }: Measured) {
  const { Counter, Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  const registers = [registry]

  /** The numbers are kept elsewhere, and only looked at here. */
  const counter = (name: string, help: string, value: () => number): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(value())
      },
    })
  }
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value())
      },
    })
  }

  new Gauge({ name: 'tokenctl_build_info', help: 'Which tokenctl it is', labelNames: ['version'], registers })
    .labels(version)
    .set(1)
  new Counter({
    name: 'tokenctl_verdicts_total',
    help: 'Verdicts, by what they said',
    labelNames: ['verdict'],
    registers,
    collect() {
      this.reset()
      for (const verdict of OUTCOMES) this.inc({ verdict }, tallies.verdicts[verdict])
    },
  })
  new Counter({
    name: 'tokenctl_http_requests_total',
    help: 'Requests, by route and status',
    labelNames: ['route', 'code'],
    registers,
    collect() {
      this.reset()
      for (const [key, count] of tallies.requests) {
        const [route = '', code = ''] = key.split(' ')
        this.inc({ route, code }, count)
      }
    },
  })
  const { uses } = verifier
  counter('tokenctl_store_errors_total', 'Times that the store could not answer', () => tallies.storeErrors)
  counter('tokenctl_cache_hits_total', 'Tokens that were found in memory', () => verifier.hits)
  counter('tokenctl_cache_misses_total', 'Tokens that had to be read', () => verifier.misses)
  gauge('tokenctl_cache_entries', 'Tokens remembered just now', () => verifier.remembered)
  counter('tokenctl_uses_written_total', 'Uses that are in the store', () => uses.written)
  gauge('tokenctl_uses_waiting', 'Uses that wait to be written', () => uses.waiting)
  counter('tokenctl_uses_dropped_total', 'Uses given up, for want of memory', () => uses.dropped)
  counter('tokenctl_use_batches_total', 'Batches of uses that are in the store', () => uses.batches)
  counter(
    'tokenctl_use_batch_failures_total',
    'Batches of uses that failed, and were tried again',
    () => uses.failures,
  )
  counter('tokenctl_log_lines_dropped_total', 'Lines given up, as nobody read them', linesDropped)

  return async (): Promise<Answer> =>
    ok(['Content-Type', registry.contentType], (await registry.metrics()) + histogramOf(tallies))
}

const SECONDS = 'tokenctl_verdict_duration_seconds'

/** prom-client's own would cost each verdict more than the rest of the counting. */
function histogramOf({ durations, duration }: Tallies): string {
  let count = 0
  const buckets = [...BOUNDS, '+Inf'].map((bound, i) => {
    count += durations[i] ?? 0
    return `${SECONDS}_bucket{le="${bound}"} ${count}`
  })
  return [
    `# HELP ${SECONDS} How long verdicts took`,
    `# TYPE ${SECONDS} histogram`,
    ...buckets,
    `${SECONDS}_sum ${duration}`,
    `${SECONDS}_count ${count}`,
    '',
  ].join('\n')
}
