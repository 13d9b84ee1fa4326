import type { NamedScope, ScopeSummary } from '../core/model.ts'
import type { Column } from './table.ts'
import { moment, timestamp } from './time.ts'

const MADE_FIELDS = { createdAt: 'RFC 3339', createdBy: 'who made it' } as const

export const ORG_FIELDS = { org: "the organization's name", ...MADE_FIELDS } as const

export const ORG_SUMMARY_FIELDS = {
  ...ORG_FIELDS,
  groups: 'how many groups are in it',
  clients: 'how many clients are in it and its groups',
} as const

export const GROUP_FIELDS = { group: 'the whole of its name: acme/etl', ...MADE_FIELDS } as const

export const GROUP_SUMMARY_FIELDS = { ...GROUP_FIELDS, clients: 'how many clients are in it' } as const

type Json<Fields> = Readonly<Record<keyof Fields, unknown>>

export const orgJson = (scope: NamedScope): Json<typeof ORG_FIELDS> => ({ org: scope.name, ...made(scope) })

export const orgSummaryJson = (scope: ScopeSummary): Json<typeof ORG_SUMMARY_FIELDS> => ({
  ...orgJson(scope),
  groups: scope.groups,
  clients: scope.clients,
})

export const groupJson = (scope: NamedScope): Json<typeof GROUP_FIELDS> => ({
  group: scope.name,
  ...made(scope),
})

export const groupSummaryJson = (scope: ScopeSummary): Json<typeof GROUP_SUMMARY_FIELDS> => ({
  ...groupJson(scope),
  clients: scope.clients,
})

const made = ({ createdAt, createdBy }: NamedScope): Json<typeof MADE_FIELDS> => ({
  createdAt: timestamp(createdAt),
  createdBy,
})

const IN_AND_MADE: readonly Column<ScopeSummary>[] = [
  { title: 'CLIENTS', rank: 2, cell: ({ clients }) => String(clients) },
  { title: 'CREATED', rank: 3, cell: ({ createdAt }, style) => moment(style, createdAt, '') },
  { title: 'CREATED BY', rank: 4, least: 12, cell: ({ createdBy }) => createdBy },
]

export const ORG_COLUMNS: readonly Column<ScopeSummary>[] = [
  { title: 'ORG', rank: 0, least: 24, cell: ({ name }) => name },
  { title: 'GROUPS', rank: 1, cell: ({ groups }) => String(groups) },
  ...IN_AND_MADE,
]

export const GROUP_COLUMNS: readonly Column<ScopeSummary>[] = [
  { title: 'GROUP', rank: 0, least: 24, cell: ({ name }) => name },
  ...IN_AND_MADE,
]
