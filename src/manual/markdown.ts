import type { CommandDescription, Item, NounDescription, ProgramDescription } from './description.ts'
import { EXIT_STATUS } from './exit-status.ts'
import { ENVIRONMENT, ERRORS, FILES, INTRODUCTION } from './texts.ts'

/** docs/commands.md. */
export function commandsPage({ summary, options, nouns }: ProgramDescription): string {
  return blocks([
    '# Commands',
    'Generated from the commands themselves when tokenctl is built; so are the manual pages, `man tokenctl` and one for each noun.',
    summary,
    '`tokenctl <noun> <verb> [name...] [options]`',
    ...INTRODUCTION,
    contents(nouns),
    '## Options of every command',
    'Before or after its name.',
    table(['option', 'meaning'], options),
    ...nouns.flatMap(nounBlocks),
    '## Exit codes',
    table(['code', 'meaning'], EXIT_STATUS),
    ERRORS,
    '## Environment',
    table(['variable', 'meaning'], ENVIRONMENT),
    '## Files',
    table(['path', 'meaning'], FILES),
  ])
}

/** A line for each noun, with links to its verbs. */
function contents(nouns: readonly NounDescription[]): string {
  const lines = nouns.map(({ name, summary, commands }) => {
    const verbs = commands.filter((command) => command.name !== name)
    const links = verbs.map((verb) => link(verb.name.slice(name.length + 1), title(verb)))
    return `- ${link(`\`${name}\``, title({ name }))}: ${summary}${links.length === 0 ? '' : `  \n  ${links.join(' · ')}`}`
  })
  const rest = ['Options of every command', 'Exit codes', 'Environment', 'Files']
  return [...lines, `- ${rest.map((text) => link(text.toLowerCase(), text)).join(' · ')}`].join('\n')
}

function nounBlocks({ name, paragraphs, commands }: NounDescription): string[] {
  const verbs = commands.map((command) => [
    ...(command.name === name ? [] : [`### ${title(command)}`]),
    ...commandBlocks(command),
  ])
  return [`## ${title({ name })}`, ...paragraphs.map(prose), ...verbs.flat()]
}

function commandBlocks(command: CommandDescription): string[] {
  const words = [...command.arguments, ...command.options]
  return [
    ...command.paragraphs.map(prose),
    fenced('text', [`${title(command)} ${command.usage}`.trim()]),
    ...(words.length === 0 ? [] : [table(['', 'meaning'], words)]),
    ...(command.json.length === 0 ? [] : [table(['JSON field', 'meaning'], command.json)]),
    fenced('sh', command.examples),
  ]
}

const title = ({ name }: Pick<NounDescription, 'name'>): string => `tokenctl ${name}`

/** To a heading of the page, as GitHub names it. */
const link = (text: string, heading: string): string =>
  `[${text}](#${heading.toLowerCase().replaceAll(' ', '-')})`

const fenced = (language: string, lines: readonly string[]): string =>
  [`\`\`\`${language}`, ...lines, '```'].join('\n')

function table(heads: readonly [string, string], items: readonly Item[]): string {
  const rows = items.map(({ term, meaning }) => `| \`${cell(term)}\` | ${cell(prose(meaning))} |`)
  return [`| ${heads.join(' | ')} |`, '|---|---|', ...rows].join('\n')
}

/** In a cell a bar would end it, even between backticks. */
const cell = (text: string): string => text.replaceAll('|', '\\|')

/** Prose, in which `backticks` stand around what is typed, and nothing else is markup. */
const prose = (text: string): string =>
  text
    .split('`')
    .map((piece, i) => (i % 2 === 1 ? piece : piece.replace(/[\\*<]/g, '\\$&')))
    .join('`')

const blocks = (texts: readonly string[]): string => `${texts.join('\n\n')}\n`
