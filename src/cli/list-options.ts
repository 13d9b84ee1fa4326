import { type Command, Option } from '@commander-js/extra-typings'
import type { Context } from '../core/change.ts'
import { parsePeriod } from '../core/lifetime.ts'
import { type ListInput, SORT_KEYS } from '../core/list-filter.ts'
import { checkRoleName, checkSearch } from '../core/name.ts'
import { Problem, quoted } from '../core/problem.ts'
import type { App } from './app.ts'
import { among } from './choices.ts'
import { type Listing, rowsWanted } from './listing.ts'
import { listScope } from './scope-option.ts'
import type { Column } from './table.ts'

/** How many there are to be, and in what form: for every list. */
export interface RowOptions {
  readonly limit?: string | undefined
  readonly jsonLines?: true | undefined
}

/** What the lists of tokens and clients take. */
export interface ListOptions extends RowOptions {
  readonly role?: string | undefined
  readonly status?: string | undefined
  readonly search?: string | undefined
  readonly jobs?: true | undefined
  readonly expiresWithin?: string | undefined
  readonly unusedFor?: string | undefined
  readonly all?: true | undefined
  readonly sort?: string | undefined
  readonly reverse?: true | undefined
  readonly failIfAny?: true | undefined
}

const ROW_OPTIONS = [
  new Option('--limit <n>', 'at most this many'),
  new Option('--json-lines', 'answer in JSON, an object a line'),
]

const MOST = /^[1-9][0-9]{0,8}$/

/** @param what the plural of what is listed; @param searched what of it is searched */
export function addListOptions(
  command: Command,
  what: string,
  searched: string,
  statuses: readonly string[],
): Command {
  const options = [
    new Option('--role <role>', `${what} of that role`),
    listScope,
    new Option('--search <text>', `with that text in ${searched}, in any case`),
    among(new Option('--status <status>', oneOfThem(statuses)), statuses),
    new Option('--jobs', 'only what Jobs runs as'),
    new Option(
      '--expires-within <time>',
      'the current secret ends within 30d, 12h, …; expired ones left out',
    ),
    new Option('--unused-for <time>', 'not used for 90d, …, and at least that old'),
    new Option('--all', 'include deleted ones'),
    among(new Option('--sort <key>', `${oneOfThem(SORT_KEYS)} (default: client)`), SORT_KEYS),
    new Option('--reverse', 'the other way round'),
    new Option('--fail-if-any', 'exit 20 if the list is not empty, for monitoring'),
  ]
  for (const option of options) command.addOption(option)
  return addRowOptions(command)
}

export function addRowOptions(command: Command): Command {
  for (const option of ROW_OPTIONS) command.addOption(option)
  return command
}

/** What a list is asked for. @throws Problem `usage`, naming the rule */
export function listInput<Status extends string>(
  app: App,
  options: ListOptions,
  statuses: readonly Status[],
): ListInput<Status> {
  const { role, search, status, expiresWithin, unusedFor, sort } = options
  return {
    role: role === undefined ? null : checkRoleName(role),
    search: search === undefined ? null : checkSearch(search),
    status: status === undefined ? null : oneOf('status', statuses, status),
    jobs: options.jobs === true,
    at: null,
    expiresWithin: expiresWithin === undefined ? null : parsePeriod('--expires-within', expiresWithin),
    unusedFor: unusedFor === undefined ? null : parsePeriod('--unused-for', unusedFor),
    withDeleted: options.all === true,
    sort: sort === undefined ? 'client' : oneOf('sort key', SORT_KEYS, sort),
    reverse: options.reverse === true,
    limit: limitOf(app, options),
  }
}

/** How many rows to read. @throws Problem `usage`, naming the rule */
function limitOf(app: App, { limit, jsonLines }: RowOptions): number | null {
  const isJson = app.options.json === true || jsonLines === true
  return rowsWanted(app.style, limit === undefined ? null : parseLimit(limit), isJson)
}

/** How a list is to be printed. */
export const formOf = ({
  jsonLines,
  failIfAny,
}: ListOptions): Pick<Listing<unknown>, 'jsonLines' | 'failIfAny'> => ({
  jsonLines: jsonLines === true,
  failIfAny: failIfAny === true,
})

/** Of few rows, which are read all at once. */
export async function shortListing<Row>(
  app: App,
  options: RowOptions,
  read: (context: Context) => Promise<readonly Row[]>,
  json: (row: Row) => unknown,
  columns: readonly Column<Row>[],
): Promise<Listing<Row>> {
  const limit = limitOf(app, options) ?? Infinity
  const rows = (await read(await app.context())).slice(0, limit)
  return { rows, json, columns, ...formOf(options) }
}

function parseLimit(text: string): number {
  if (MOST.test(text)) return Number(text)
  throw new Problem(
    'usage',
    `not a limit: ${quoted(text)}`,
    '--limit takes a whole number from 1 to 999999999',
  )
}

function oneOf<Choice extends string>(what: string, choices: readonly Choice[], text: string): Choice {
  const choice = choices.find((each) => each === text)
  if (choice !== undefined) return choice
  throw new Problem('usage', `not a ${what}: ${quoted(text)}`, `a ${what} is ${oneOfThem(choices)}`)
}

const oneOfThem = (choices: readonly string[]): string =>
  `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`
