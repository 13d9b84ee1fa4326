import { byClock, type Expires, type Lifetime, type Seconds } from './lifetime.ts'
import type { Millis } from './model.ts'
import type { Policy } from './policy.ts'
import { Problem } from './problem.ts'
import type { SettingName } from './settings.ts'

// What the settings allow of a new secret, asked inside the transaction that makes it.

/** @param asked null: nothing is said, and the default holds. @throws Problem `usage` for what the settings forbid */
export function expiresBy(policy: Policy, asked: Expires | null, now: Millis): Expires {
  if (asked === null) return { lifetime: policy.defaultLifetime, until: null }
  const expires = byClock(asked, now)
  refuseLifetime(policy, expires.lifetime, '')
  return expires
}

/** The lifetime first given, counted anew. @throws Problem `usage` where the settings have come to forbid it */
export function expiresAnew(policy: Policy, lifetime: Lifetime): Expires {
  refuseLifetime(policy, lifetime, ', as first given')
  return { lifetime, until: null }
}

/** @throws Problem `usage` */
export function refuseOverlap({ maxOverlap, values }: Policy, overlap: Seconds | null): void {
  if (overlap === null || maxOverlap === null || overlap <= maxOverlap) return
  const longest = values['max-overlap']
  throw forbidden('a former secret may not live on that long', 'max-overlap', longest, `--overlap ${longest}`)
}

/** @param by whom it is asked for, behind what is refused */
function refuseLifetime(policy: Policy, lifetime: Lifetime, by: string): void {
  const { maxLifetime, neverExpire, values } = policy
  const longest = `--expires ${values['max-lifetime']}`
  if (lifetime === null && !neverExpire) {
    throw forbidden(
      `a secret may not be without an end${by}`,
      'never-expire',
      values['never-expire'],
      longest,
    )
  }
  if (lifetime !== null && lifetime > maxLifetime) {
    throw forbidden(`a secret may not live that long${by}`, 'max-lifetime', values['max-lifetime'], longest)
  }
}

const forbidden = (what: string, name: SettingName, value: string, longest: string): Problem =>
  new Problem('usage', `${what}: the setting ${name} is ${value}`, `${longest} is the longest`)
