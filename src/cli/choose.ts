import { scopesFor } from '../core/authority.ts'
import type { Context } from '../core/change.ts'
import { checkRoleName, isSearch } from '../core/name.ts'
import { BUILT_IN_ROLES } from '../core/permission.ts'
import { Problem } from '../core/problem.ts'
import type { Choice, Page, Picker } from '../system.ts'
import type { App } from './app.ts'
import { required, text } from './ask.ts'
import { cutTo } from './cells.ts'
import { escaped } from './escape.ts'
import {
  CLIENTS,
  DISABLED_CLIENTS,
  DISABLED_OPERATORS,
  DISABLED_TOKENS,
  GROUPS,
  type Kind,
  OPERATORS,
  ORGS,
  OWN_ROLES,
  ROLES,
  SETTINGS_KIND,
  tokensOf,
} from './kinds.ts'
import type { Style } from './output.ts'
import { laidOut } from './table.ts'

type Existing = (app: App, given?: string) => Promise<string>

/** One of those there are: as given, or chosen from a list, which is searched by typing where it is long. */
const existing =
  <Row>(needed: string, kind: Kind<Row>): Existing =>
  (app, given) =>
    required(app, given, needed, () => chooseOne(app, kind))

export const existingClient = existing('a client name', CLIENTS)
export const disabledClient = existing('a client name', DISABLED_CLIENTS)
export const existingToken = existing('a token ID or a client name', tokensOf(null))
export const disabledToken = existing('a token ID or a client name', DISABLED_TOKENS)
export const existingRole = existing('a role name', ROLES)
export const existingSetting = existing('a setting', SETTINGS_KIND)
export const existingOperator = existing('an operator name', OPERATORS)
export const disabledOperator = existing('an operator name', DISABLED_OPERATORS)
/** An operator's. */
export const grantedRole = existing('--role', ROLES)
export const ownRole = existing('a role name', OWN_ROLES)
export const existingOrg = existing('an organization name', ORGS)
export const existingGroup = existing('a group name', GROUPS)

/** A client's role, likewise; before there is a store, of those that every store has. */
export const clientRole = async (app: App, given: string | undefined): Promise<string> =>
  checkRoleName(await required(app, given, '--role', () => chooseRole(app)))

async function chooseRole(app: App): Promise<string> {
  const message = 'Client role:'
  if ((await app.openIfThere()) !== null) return chooseOne(app, { ...ROLES, message })
  const choices = BUILT_IN_ROLES.map((name) => ({ value: name, line: name, name }))
  return app.system.prompts.choose(message, choices)
}

/** So many are shown at once, without a search. */
const FEW = 10
/** So many are read at most: who does not find it among them types more of its name. */
const MANY = 100

async function chooseOne<Row>(app: App, kind: Kind<Row>): Promise<string> {
  const { message, noun, action, check, making } = kind
  const context = await app.context()
  // Who may do something to what they may not list, has its name from elsewhere.
  if (action !== null && scopesFor(context.actor, action).length === 0) return text(app, message, check)
  const few = await readUpTo(FEW + 1, kind, context, null)
  if (few.length === 0) throw new Problem('not-found', `there is no ${noun} yet`, making)
  if (few.length > FEW) {
    return named(app, kind, await pickRow(app, kind, { title: '', keys: LEAVING, echo: true }))
  }
  const { header, choices } = await laidOutAs(app, kind, few, app.askingStyle.columns - 1)
  return named(app, kind, await app.system.prompts.choose(message, choices, header))
}

/** From here on what was chosen is looked for where it was found. */
function named<Row>(app: App, { value, scope }: Kind<Row>, row: Row): string {
  const found = scope(row)
  if (found !== null) app.lookIn(found)
  return value(row)
}

const LEAVING = { enter: 'choose', escape: 'goes back' }

/** How far a line is moved to the right, behind what points at it. */
export const POINTER = 2

/** What is around the list. */
interface Around extends Pick<Picker, 'keys' | 'echo' | 'bookmark'> {
  readonly title: string
}

/** One of them from a screen of its own, however few there are. @param extra always stands below them */
export async function pickRow<Row, Extra = never>(
  app: App,
  kind: Kind<Row>,
  { title, ...around }: Around,
  extra: readonly Choice<Extra>[] = [],
): Promise<Row | Extra> {
  return app.system.prompts.pick<Row | Extra>({
    ...around,
    message: kind.message,
    find: async (search, columns) => ({
      ...(await pageOf(app, kind, search, columns)),
      title: await cutTo(columns, title),
      fixed: extra,
    }),
  })
}

/** What there is for a search, as lines of a table. */
async function pageOf<Row>(
  app: App,
  kind: Kind<Row>,
  search: string,
  columns: number,
): Promise<Omit<Page<Row>, 'title' | 'fixed'>> {
  const rows = await readUpTo(MANY + 1, kind, await app.context(), search === '' ? null : search)
  return {
    ...(await laidOutAs(app, kind, rows.slice(0, MANY), columns)),
    remark: remark(rows.length, kind.noun, search),
  }
}

function remark(found: number, noun: string, search: string): string {
  if (found > MANY) return `the first ${MANY} of more: type a part of the name`
  return found === 0 && search !== '' ? `no ${noun} is like that` : ''
}

async function readUpTo<Row>(
  limit: number,
  { rows }: Kind<Row>,
  context: Context,
  search: string | null,
): Promise<Row[]> {
  if (search !== null && !isSearch(search)) return []
  const found: Row[] = []
  for await (const row of await rows(context, search, limit)) {
    found.push(row)
    if (found.length === limit) break
  }
  return found
}

async function laidOutAs<Row>(
  app: App,
  { columns, value }: Kind<Row>,
  rows: readonly Row[],
  width: number,
): Promise<Pick<Page<Row>, 'header' | 'choices'>> {
  const style: Style = { ...app.askingStyle, columns: width }
  const { header, lines } = await laidOut(style, columns, rows, POINTER)
  const choices = rows.map((row, i) => ({ value: row, line: lines[i] ?? '', name: escaped(value(row)) }))
  return { header, choices }
}
