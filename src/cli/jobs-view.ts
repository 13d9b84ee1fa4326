import type { Client } from '../core/model.ts'
import { named } from '../core/called.ts'

export const JOBS_FIELDS = {
  client: 'the client that Jobs runs as; null: none',
  role: 'the role it thereby has, or null',
  scope: "the client's scope, or null",
  disabled: 'whether that client is disabled just now',
} as const

export const jobsJson = (client: Client | null): Readonly<Record<keyof typeof JOBS_FIELDS, unknown>> => ({
  client: client?.name ?? null,
  role: client?.role ?? null,
  scope: client?.scope ?? null,
  disabled: client !== null && client.disabledAt !== null,
})

/** A remark for a role that Jobs has got with its client. */
export const jobsRoleNote = (client: Client): string[] =>
  client.isJobs ? [`Jobs runs as client ${named(client)}, and has role ${client.role} from now on`] : []

/** A remark for a connection that would not work just now. */
export function disabledNote(client: Client | null): string[] {
  return client?.disabledAt == null ? [] : [`client ${named(client)} is disabled, and Jobs with it`]
}
