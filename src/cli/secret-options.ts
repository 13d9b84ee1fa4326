import { Option } from '@commander-js/extra-typings'

/** Where a new secret goes: the same for every command that gives one out. See `SecretOptions`. */
export const secretFile = new Option(
  '--secret-file <path>',
  'write the secret to a new file, not to standard output',
)
export const replace = new Option('--replace', 'with --secret-file: take the place of a file that is there')
export const copy = new Option('--copy', 'put the secret on the clipboard too, even without a terminal')
export const noCopy = new Option('--no-copy', 'leave the clipboard alone')
