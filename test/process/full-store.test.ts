import { afterAll, expect, test } from '@jest/globals'
import { machineWithDisks } from '../support/process.ts'

const machine = machineWithDisks()
afterAll(() => machine.remove())

/** A store on a small disk of its own, with a client BI, and ways to fill the disk and to free it again. */
const DISK = `
mkdir disk && mount -t tmpfs -o size=1m,mode=700 none disk && export TOKENCTL_STORE=$PWD/disk/tokenctl.db
tokenctl init > /dev/null && first=$(tokenctl client create BI --role user 2> /dev/null) || exit 99
# All but so many pages.
fill() {
  cat /dev/zero > disk/filler 2> /dev/null
  truncate -s -$(($1 * 4096)) disk/filler
}
# Its exit code, what it printed, and what it said.
tell() { printed=$(tokenctl "$@" 2> said); echo "$? [$printed] $(tr '\\n' '|' < said)"; }
good() { echo "$1" | tokenctl token verify > verdict 2>&1; echo "verdict $?"; }
`

const lines = (script: string): string[] => machine.ok(`rm -rf disk\n${DISK}${script}`).split('\n')

const NO_ROOM = /^8 \[\] tokenctl: [^|]*(no space left|cannot be used)[^|]*\|$/

test('a store on a full disk changes nothing, says so, and goes on when there is room', () => {
  const seen = lines(`
    fill 0
    tell client create new --role user
    tell token regenerate BI --yes
    tell client disable BI
    rm disk/filler
    good $first
    tell client create new --role user
    tell token regenerate BI --yes
    good $first
    good $printed
    tell client disable BI`)
  const [created = '', regenerated = '', disabled = '', ...afterwards] = seen
  for (const line of [created, regenerated, disabled]) expect(line).toMatch(NO_ROOM)
  expect(afterwards.map((line) => line.replace(/\[.*/, ''))).toEqual([
    'verdict 0',
    '0 ',
    '0 ',
    'verdict 11',
    'verdict 0',
    '0 ',
  ])
})

/** The exit code of a regenerate, and then the verdicts on the earlier secret and on the one that was printed. */
const HONEST = [
  '0 11 0',
  // Nothing changed.
  '8 0 -',
  '9 0 -',
  // Nobody knew.
  '21 0 0',
  '21 11 0',
]

test('whatever room there is, a regenerate that fails leaves the earlier secret, and what was printed is good', () => {
  const seen = lines(`
    judge() { [ -z "$1" ] && echo - && return; echo "$1" | tokenctl token verify > verdict 2>&1; echo $?; }
    for room in $(seq 6 2 34); do
      earlier=$(tokenctl client create client-$room --role user 2> said)
      fill $room
      printed=$(tokenctl token regenerate client-$room --yes 2> said); code=$?
      rm disk/filler
      echo "$code $(judge "$earlier") $(judge "$printed")"
    done`)
  expect(seen.filter((line) => !HONEST.includes(line))).toEqual([])
  // From too little room to enough.
  expect([seen[0], seen.at(-1)]).toEqual(['8 0 -', '0 11 0'])
})
