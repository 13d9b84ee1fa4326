import { describe, expect, test } from '@jest/globals'
import { copyToClipboard } from '../../src/cli/clipboard.ts'
import { World } from '../support/world.ts'

const desktop = { isLikely: true, copy: () => Promise.resolve() }
const broken = { isLikely: true, copy: () => Promise.reject(new Error('the clipboard did not answer')) }
const OSC_52 = '\u001b]52;c;c2VjcmV0\u0007' // "secret"

describe('the clipboard that the person sees', () => {
  test.each<[string, Partial<World>, string, string]>([
    ['a desktop', { clipboard: desktop }, 'copied to the clipboard', ''],
    [
      'a desktop whose clipboard hangs',
      { clipboard: broken },
      'warning: not copied to the clipboard: the clipboard did not answer',
      '',
    ],
    [
      'over SSH',
      { clipboard: desktop, terminal: true, environment: { SSH_CONNECTION: 'x' } },
      "sent to the terminal's clipboard",
      OSC_52,
    ],
    ['no desktop', { terminal: true }, "sent to the terminal's clipboard", OSC_52],
    [
      'no desktop and no terminal',
      {},
      'warning: not copied to the clipboard: there is no terminal to send it to',
      '',
    ],
    [
      'a dumb terminal',
      { terminal: true, environment: { TERM: 'dumb' } },
      'warning: not copied to the clipboard: there is no terminal to send it to',
      '',
    ],
    [
      'in another’s name',
      { clipboard: desktop, terminal: true, person: { uid: 4321, name: null } },
      "sent to the terminal's clipboard",
      OSC_52,
    ],
  ])('%s', async (_, setting, remark, sent) => {
    const world = Object.assign(new World(), setting)
    const written = { stdout: '', stderr: '' }
    expect(await copyToClipboard(world.system(written), 'secret')).toBe(remark)
    expect(written).toEqual({ stdout: '', stderr: sent })
    world.remove()
  })
})

describe('a new secret goes there', () => {
  test.each<[string, boolean, string[], boolean]>([
    ['on a terminal', true, [], true],
    ['not on a terminal with --no-copy', true, ['--no-copy'], false],
    ['not in a pipe', false, [], false],
    ['in a pipe with --copy', false, ['--copy'], true],
    ['not with --secret-file', true, ['--secret-file'], false],
    ['with --secret-file and --copy', true, ['--copy', '--secret-file'], true],
  ])('%s', async (_, terminal, options, copied) => {
    const world = new World()
    let copy = ''
    world.clipboard = {
      isLikely: true,
      copy: (text) => {
        copy = text
        return Promise.resolve()
      },
    }
    world.terminal = terminal
    const argv = options.flatMap((option) =>
      option === '--secret-file' ? [option, `${world.folder}/f`] : [option],
    )
    const out = await world.ok('client', 'create', 'BI', '--role', 'user', ...argv)
    expect(copy !== '').toBe(copied)
    expect(copied && !options.includes('--secret-file') ? copy : out).toBe(out)
    world.remove()
  })
})
