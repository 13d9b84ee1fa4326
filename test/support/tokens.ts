import type { World } from './world.ts'

export const MINUTE = 60_000
const DAY = 86_400_000

/** Tokens of every kind, in a store of their own. */
export interface Tokens {
  /** `select:sales.*` at the cluster. */
  readonly analyst: string
  /** The same at acme/etl. */
  readonly grouped: string
  /** The operator's own, who is clusteradmin. */
  readonly personal: string
  /** May introspect, at the cluster and at acme. */
  readonly introspector: string
  readonly orgIntrospector: string
  /** Good for nothing any more, by the reason. */
  readonly dead: Readonly<
    Record<'unknown' | 'deleted' | 'replaced' | 'lapsed' | 'disabled' | 'expired', string>
  >
}

export async function tokensIn(world: World): Promise<Tokens> {
  await world.makeStore()
  await world.ok('org', 'create', 'acme')
  await world.ok('group', 'create', 'acme/etl')
  await world.ok('role', 'create', 'analyst', '--allow', 'select:sales.*', '--allow', 'insert:sales.notes')
  await world.ok('role', 'create', 'introspector', '--allow', 'introspect:tokenctl/token')
  const client = (name: string, role: string, ...more: string[]): Promise<string> =>
    world.ok('client', 'create', name, '--role', role, ...more)
  const old = await client('Replaced', 'analyst')
  await world.ok('token', 'regenerate', 'Replaced', '--yes')
  const disabled = await client('Disabled', 'analyst')
  await world.ok('client', 'disable', 'Disabled')
  const deleted = await client('Deleted', 'analyst')
  await world.ok('client', 'delete', 'Deleted', '--yes')
  const expired = await client('Expired', 'analyst', '--expires', '1d')
  const lapsed = await client('Lapsed', 'analyst')
  await world.sql(
    "update secret set state = 'pending', activated_at = null where token_id = '" + lapsed.slice(0, 16) + "'",
  )
  world.now += DAY + MINUTE
  await world.ok('settings', 'set', 'personal-tokens', 'everyone')
  return {
    analyst: await client('BI', 'analyst', '--expires', '90d'),
    grouped: await client('BI', 'analyst', '--scope', 'acme/etl', '--expires', 'never'),
    personal: await world.ok('token', 'create', '--mine'),
    introspector: await client('Gateway', 'introspector'),
    orgIntrospector: await client('Gateway', 'introspector', '--scope', 'acme'),
    dead: { unknown: UNKNOWN, deleted, replaced: old, lapsed, disabled, expired },
  }
}

/** Well formed, and of no store. */
const UNKNOWN = 'tkc_00000000000000000000000000000000000000000000000000000004CtYOH'
