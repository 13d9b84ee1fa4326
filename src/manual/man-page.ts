import { version } from '../version.ts'
import type { CommandDescription, Item, NounDescription, ProgramDescription } from './description.ts'
import { EXIT_STATUS } from './exit-status.ts'
import { bold, line, macro, operands, prose, typed } from './roff.ts'
import { ENVIRONMENT, ERRORS, EXAMPLES, FILES, GENERAL, INTRODUCTION } from './texts.ts'

// Pages in the macros of man(7), which groff and mandoc understand alike: a list of lines each.

const PROGRAM = 'tokenctl'

/** `tokenctl(1)`. */
export function programPage({ summary, options, nouns }: ProgramDescription): string {
  return page(PROGRAM, nameLine(summary), [
    ...section('SYNOPSIS', [
      synopsis('', '<noun> <verb> [name...] [options]'),
      '.br',
      synopsis('', '--version'),
    ]),
    ...section('DESCRIPTION', paragraphs([summary, ...INTRODUCTION])),
    ...section(
      'COMMANDS',
      nouns.flatMap((noun) => tagged(reference(pageName(noun)), prose(noun.summary))),
    ),
    ...section('OPTIONS', ['Every command takes these, before or after its name.', ...optionList(options)]),
    ...endings(),
    ...section('EXAMPLES', examples(EXAMPLES)),
    ...seeAlso(nouns.map(pageName)),
  ])
}

/** `tokenctl-token(1)`, … */
export function nounPage(noun: NounDescription, nouns: readonly NounDescription[]): string {
  const synopses = noun.commands.map(({ name, usage }) => synopsis(name, usage))
  return page(pageName(noun), noun.summary, [
    ...section('SYNOPSIS', synopses.join('\n.br\n').split('\n')),
    ...section('DESCRIPTION', paragraphs([...noun.paragraphs, GENERAL])),
    ...section('COMMANDS', noun.commands.flatMap(command)),
    ...endings(),
    ...seeAlso([PROGRAM, ...nouns.filter((other) => other !== noun).map(pageName)]),
  ])
}

export const pageName = ({ name }: NounDescription): string => `${PROGRAM}-${name}`

function page(name: string, summary: string, sections: readonly string[]): string {
  return [
    '.\\" Generated from the commands themselves when tokenctl is built.',
    `.TH ${typed(name.toUpperCase())} 1 "" "tokenctl ${version}" "tokenctl manual"`,
    // Ragged, and no word is divided: what is typed can be copied.
    '.ad l',
    '.nh',
    ...section('NAME', [`${typed(name)} \\- ${prose(summary)}`]),
    ...sections,
    '',
  ].join('\n')
}

/** The summary of a sentence, for the line that whatis(1) finds. */
const nameLine = (sentence: string): string =>
  sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '')

function command({ name, usage, paragraphs: said, ...rest }: CommandDescription): string[] {
  return [
    macro('SS', synopsis(name, usage)),
    ...paragraphs(said),
    ...rest.arguments.flatMap(({ term, meaning }) => tagged(operands(`<${term}>`), prose(meaning))),
    ...optionList(rest.options),
    ...titled('JSON fields', compact(rest.json)),
    ...titled('Examples', examples(rest.examples)),
  ]
}

const synopsis = (name: string, usage: string): string =>
  [bold([PROGRAM, name].join(' ').trim()), operands(usage)].join(' ').trim()

/** What every page ends with. */
const endings = (): string[] => [
  ...section('EXIT STATUS', [...compact(EXIT_STATUS), ...paragraphs([ERRORS])]),
  ...section('ENVIRONMENT', list(ENVIRONMENT)),
  ...section('FILES', list(FILES)),
]

const seeAlso = (names: readonly string[]): string[] =>
  section('SEE ALSO', [[...names].sort().map(reference).join(', ')])

const reference = (name: string): string => `${bold(name)}(1)`

const section = (title: string, lines: readonly string[]): string[] => [macro('SH', title), ...lines]

/** Lines further in, below a line of their own. */
const titled = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['.PP', `${title}:`, '.RS 4n', ...lines, '.RE']

const paragraphs = (texts: readonly string[]): string[] => texts.flatMap((text) => ['.PP', line(prose(text))])

const tagged = (tag: string, text: string): string[] => ['.TP', line(tag), line(text)]

const optionList = (options: readonly Item[]): string[] =>
  options.flatMap(({ term, meaning }) => tagged(operands(term), prose(meaning)))

const list = (items: readonly Item[]): string[] =>
  items.flatMap(({ term, meaning }) => tagged(bold(term), prose(meaning)))

/** The same, without blank lines, and the meanings beside the terms. */
function compact(items: readonly Item[]): string[] {
  const width = Math.max(...items.map(({ term }) => term.length)) + 2
  const lines = items.flatMap(({ term, meaning }) => [
    `.TP ${width}n`,
    line(bold(term)),
    line(prose(meaning)),
  ])
  return lines.length === 0 ? [] : ['.PD 0', ...lines, '.PD']
}

/** A command line that is too long goes on further in. */
const examples = (lines: readonly string[]): string[] => [
  '.PD 0',
  ...lines.flatMap((each) => ['.IP $ 2n', line(typed(each))]),
  '.PD',
]
