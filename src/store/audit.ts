import type { AuditDetails, AuditEntry } from '../core/audit.ts'
import type { Query } from './engine.ts'

interface Row extends Omit<AuditEntry, 'targets' | 'details' | 'osUser'> {
  readonly osUid: number
  readonly osName: string | null
  readonly targets: string
  readonly details: string
}

export async function lastAuditEntry(query: Query): Promise<AuditEntry | null> {
  const row = await query.get<Row>(
    `select sequence, at, actor_kind as "actorKind", actor, os_uid as "osUid", os_name as "osName", action, targets,
       scope, outcome, details, previous_hash as "previousHash", hash
     from audit order by sequence desc limit 1`,
  )
  if (row === null) return null
  const { osUid, osName, targets, details, ...rest } = row
  return {
    ...rest,
    osUser: { uid: osUid, name: osName },
    targets: JSON.parse(targets) as string[],
    details: JSON.parse(details) as AuditDetails,
  }
}

export async function appendAudit(query: Query, entry: AuditEntry): Promise<void> {
  await query.run(
    `insert into audit (sequence, at, actor_kind, actor, os_uid, os_name, action, targets, scope, outcome, details,
       previous_hash, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    entry.sequence,
    entry.at,
    entry.actorKind,
    entry.actor,
    entry.osUser.uid,
    entry.osUser.name,
    entry.action,
    JSON.stringify(entry.targets),
    entry.scope,
    entry.outcome,
    JSON.stringify(entry.details),
    entry.previousHash,
    entry.hash,
  )
}
