/** What `serve` loads, and nothing else does. */
export { handlerOf } from './handler.ts'
export { countingJudge } from './judge.ts'
export { metricsOf } from './metrics.ts'
export { serveAt } from './server.ts'
export { Tallies } from './tallies.ts'
