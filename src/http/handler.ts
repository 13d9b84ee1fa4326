import { codeOf, isProblem, reasonOf } from '../core/problem.ts'
import { invalidRequest } from './bearer-challenge.ts'
import { forwardAuth } from './forward-auth.ts'
import { introspection } from './introspection.ts'
import type { Judge } from './judge.ts'
import { type Answer, Fault, ok, type Request, refused } from './message.ts'
import { rememberedWanted } from './wanted.ts'

const ROUTES = ['verify', 'introspect', 'healthz', 'readyz', 'metrics'] as const
/** Of what it was that was asked for; null: nothing of ours. */
export type Route = (typeof ROUTES)[number] | null

export interface Handled extends Answer {
  readonly route: Route
}

export type Handler = (request: Request) => Promise<Handled>

interface Page {
  readonly methods: readonly string[]
  readonly answer: (request: Request, query: string) => Promise<Answer>
}

const LOOKING = ['GET', 'HEAD'] as const

/** @param metrics what there is to measure, as Prometheus reads it */
export function handlerOf(judge: Judge, metrics: () => Promise<Answer>): Handler {
  const wanted = rememberedWanted()
  const pages: Readonly<Record<NonNullable<Route>, Page>> = {
    verify: {
      methods: LOOKING,
      answer: async (request, query) => forwardAuth(judge, request, wanted(query)),
    },
    introspect: { methods: ['POST'], answer: async (request, query) => introspect(judge, request, query) },
    healthz: { methods: LOOKING, answer: async () => ok() },
    readyz: { methods: LOOKING, answer: async () => ready(judge) },
    metrics: { methods: LOOKING, answer: metrics },
  }

  return async (request) => {
    const { target } = request
    const end = target.indexOf('?')
    const route = routeOf(end < 0 ? target : target.slice(0, end))
    const query = end < 0 ? '' : target.slice(end + 1)
    return { route, ...(await safely(() => answer(route, request, query))) }
  }

  async function answer(route: Route, request: Request, query: string): Promise<Answer> {
    if (!request.target.startsWith('/')) throw new Fault(400, 'not a path')
    if (route === null) return refused(404, 'not found', [], { reason: 'no such path' })
    const { methods, answer } = pages[route]
    if (methods.includes(request.method)) return answer(request, query)
    return refused(405, 'no such method', ['Allow', methods.join(', ')], { reason: 'no such method' })
  }
}

const PATHS: ReadonlyMap<string, Route> = new Map(ROUTES.map((route) => [`/${route}`, route]))

const routeOf = (path: string): Route => PATHS.get(path) ?? null

/** Where a query is, somebody may have put the token there. */
async function introspect(judge: Judge, request: Request, query: string): Promise<Answer> {
  if (query !== '') throw new Fault(400, 'a parameter in the query')
  return introspection(judge, request)
}

async function ready(judge: Judge): Promise<Answer> {
  await judge.check()
  return ok()
}

/** Whatever goes wrong, nobody is let through by it. */
async function safely(answer: () => Promise<Answer>): Promise<Answer> {
  try {
    return await answer()
  } catch (error) {
    return error instanceof Fault ? invalidRequest(error.status, error.message) : unavailable(error)
  }
}

/** It cannot be answered now. */
export const unavailable = (error: unknown): Answer =>
  refused(503, 'unavailable', ['Retry-After', '1'], {
    reason: isProblem(error) ? error.kind : (codeOf(error) ?? 'unexpected'),
    cause: reasonOf(error),
  })
