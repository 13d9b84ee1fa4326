import { checkPattern } from '../core/permission.ts'
import { checkScope } from '../core/scope.ts'
import type { Wanted } from '../core/verdict.ts'
import { Fault } from './message.ts'

const RULES = { permission: checkPattern, scope: checkScope } as const
type Parameter = keyof typeof RULES

const isParameter = (name: string): name is Parameter => Object.hasOwn(RULES, name)

/** What a query asks for: `permission=select:sales.orders&scope=acme`. @throws Fault for anything else */
function wantedIn(query: string): Wanted {
  if (query === '') return {}
  const wanted: Partial<Record<Parameter, string>> = {}
  for (const part of query.split('&')) {
    const [name = '', value = ''] = part.split(/=(.*)/s)
    if (!isParameter(name)) throw new Fault(400, 'a parameter other than permission and scope')
    if (wanted[name] !== undefined) throw new Fault(400, 'a parameter that is repeated')
    wanted[name] = checked(name, value)
  }
  return wanted
}

function checked(name: Parameter, value: string): string {
  try {
    return RULES[name](decodeURIComponent(value))
  } catch {
    throw new Fault(400, `a ${name} that is none`)
  }
}

/** Gateways ask the same again and again, each of its few questions. */
const MOST_QUERIES = 1_000

/** The same, remembered. What is wrong is not. */
export function rememberedWanted(): (query: string) => Wanted {
  const known = new Map<string, Wanted>()
  return (query) => {
    const there = known.get(query)
    if (there !== undefined) return there
    const wanted = wantedIn(query)
    if (known.size >= MOST_QUERIES) known.clear()
    known.set(query, wanted)
    return wanted
  }
}
