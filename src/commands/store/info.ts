import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import type { Group } from '../../cli/program.ts'
import { properties, type Property } from '../../cli/table.ts'
import { moment, timestamp } from '../../cli/time.ts'
import { shown } from '../../core/place.ts'
import { showStore, type StoreInfo } from '../../core/shows.ts'

interface Info extends StoreInfo {
  readonly path: string
}

export function storeInfo(group: Group, app: App): void {
  const command = group
    .command('info')
    .summary('show where the store is and what is in it')
    .description('Shows where the store is and what is in it.')
    .action(
      app.action(async () => {
        const { place } = await app.location()
        const info: Info = { path: shown(place), ...(await showStore(await app.context())) }
        return {
          data: { ...info, createdAt: timestamp(info.createdAt) },
          text: (style) => properties(style, COLUMNS, info),
        }
      }),
    )
  addHelp(command, { json: FIELDS, examples: ['tokenctl store info', 'tokenctl store info --json'] })
}

const FIELDS: Readonly<Record<keyof Info, string>> = {
  path: 'where the store is: a path, or a URL without its password',
  id: "the store's ID",
  tokenPrefix: 'what its tokens begin with',
  schemaVersion: "the version of the store's tables",
  createdAt: 'RFC 3339',
  clients: 'how many clients it has',
  tokens: 'how many tokens',
  roles: 'how many roles, the built-in ones among them',
  auditEntries: 'how many entries its audit has',
}

const COLUMNS: readonly Property<Info>[] = [
  { title: 'PATH', cell: (info) => info.path, whole: true },
  { title: 'ID', cell: (info) => info.id },
  { title: 'TOKEN PREFIX', cell: (info) => info.tokenPrefix },
  { title: 'SCHEMA', cell: (info) => String(info.schemaVersion) },
  { title: 'CREATED', cell: (info, style) => moment(style, info.createdAt, '') },
  { title: 'CLIENTS', cell: (info) => String(info.clients) },
  { title: 'TOKENS', cell: (info) => String(info.tokens) },
  { title: 'ROLES', cell: (info) => String(info.roles) },
  { title: 'AUDIT ENTRIES', cell: (info) => String(info.auditEntries) },
]
