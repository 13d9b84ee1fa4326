import type { Credential, Millis, Secret } from '../core/model.ts'
import type { NewSecret } from '../core/store.ts'
import type { Query } from './engine.ts'
import { OFF_BY } from './off.ts'

/** A secret's columns under names that begin with `As`, for a row that holds several; all null where there is none. */
export type SecretRow<As extends string> = {
  readonly [Column in keyof Secret as `${As}_${Column}`]: Stored<Secret[Column]> | null
}

type Stored<T> = T extends boolean ? 0 | 1 : T

const COLUMNS: { readonly [Property in keyof Secret]: string } = {
  digest: 'digest',
  state: 'state',
  madeAt: 'made_at',
  madeBy: 'made_by',
  expiresAt: 'expires_at',
  overlap: 'overlap',
  untilUsed: 'until_used',
  activatedAt: 'activated_at',
  deliveredTo: 'delivered_to',
  formerUntil: 'former_until',
  deadAt: 'dead_at',
}
const PROPERTIES = Object.keys(COLUMNS) as (keyof Secret)[]

export function secretColumns(table: string, as: string): string {
  return PROPERTIES.map((property) => `${table}.${COLUMNS[property]} as "${as}_${property}"`).join(', ')
}

export function secretOf<As extends string>(row: SecretRow<As>, as: As): Secret | null {
  const column = (property: keyof Secret): unknown => row[`${as}_${property}` as keyof SecretRow<As>]
  if (column('digest') === null) return null
  const secret: Partial<Record<keyof Secret, unknown>> = {}
  for (const property of PROPERTIES) secret[property] = column(property)
  secret.untilUsed = column('untilUsed') === 1
  return secret as unknown as Secret
}

type CredentialRow = Omit<Credential, 'secret' | 'patterns'> &
  SecretRow<'secret'> & {
    readonly pattern: string | null
  }

/** A row for each of the role's permissions. */
const CREDENTIAL = `
  select ${secretColumns('secret', 'secret')}, token.id as "tokenId", token.disabled_at as "tokenDisabledAt",
    token.deleted_at as "tokenDeletedAt", client.id as "clientId", client.name as "client", client.scope,
    role.name as "role", role_permission.pattern, client.operator_id as "operatorId",
    client.disabled_at as "clientDisabledAt", ${OFF_BY} as "offBy",
    case when secret.until_used = 1 and secret.state in ('pending', 'current') then (
      select former.former_until from secret former where former.token_id = token.id and former.state = 'former'
    ) end as "endsOverlap"
  from secret join token on token.id = secret.token_id
  join client on client.id = token.client_id
  left join role on role.id = client.role_id
  left join role_permission on role_permission.role_id = role.id
  where secret.digest = ?
  order by role_permission.pattern`

export async function credential(query: Query, digest: string): Promise<Credential | null> {
  const rows = await query.all<CredentialRow>(CREDENTIAL, digest)
  const [row] = rows
  if (row === undefined) return null
  const secret = secretOf(row, 'secret')
  if (secret === null) return null
  const { tokenId, tokenDisabledAt, tokenDeletedAt, clientId, client, scope, role, operatorId } = row
  const { clientDisabledAt, offBy, endsOverlap } = row
  return {
    secret,
    tokenId,
    tokenDisabledAt,
    tokenDeletedAt,
    clientId,
    client,
    scope,
    role,
    patterns: rows.flatMap(({ pattern }) => (pattern === null ? [] : [pattern])),
    operatorId,
    clientDisabledAt,
    offBy,
    endsOverlap,
  }
}

export async function addPendingSecret(query: Query, secret: NewSecret): Promise<void> {
  await query.run(
    `insert into secret (digest, token_id, state, made_at, made_by, expires_at, overlap, until_used)
     values (?, ?, 'pending', ?, ?, ?, ?, ?)`,
    secret.digest,
    secret.tokenId,
    secret.madeAt,
    secret.madeBy,
    secret.expiresAt,
    secret.overlap,
    Number(secret.untilUsed),
  )
}

export async function promoteSecret(
  query: Query,
  digest: string,
  at: Millis,
  deliveredTo: string,
): Promise<boolean> {
  const changed = await query.run(
    `update secret set state = 'current', activated_at = ?, delivered_to = ? where digest = ? and state = 'pending'`,
    at,
    deliveredTo,
    digest,
  )
  if (changed === 0) return false
  await query.run(
    `update token set activated_at = ?
     where activated_at is null and id = (select token_id from secret where digest = ?)`,
    at,
    digest,
  )
  return true
}

export async function retireSecret(query: Query, digest: string, until: Millis): Promise<void> {
  await query.run(
    `update secret set state = 'former', former_until = ? where digest = ? and state = 'current'`,
    until,
    digest,
  )
}

export async function killSecret(query: Query, digest: string, at: Millis): Promise<void> {
  await query.run(
    `update secret set state = 'dead', dead_at = ? where digest = ? and state <> 'dead'`,
    at,
    digest,
  )
}

export async function revivePending(query: Query, digest: string, deadAt: Millis): Promise<void> {
  await query.run(
    `update secret set state = 'pending', dead_at = null
     where digest = ? and state = 'dead' and activated_at is null and dead_at = ?`,
    digest,
    deadAt,
  )
}
