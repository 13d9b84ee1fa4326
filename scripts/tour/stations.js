const ENTER = '\r'
const ESC = '\u001b'

/** At the bottom of a list that fills the terminal: once it is there, all of it is. */
const TABLE_IS_THERE = 'Enter open, Esc leave'
const MENU_IS_THERE = 'Enter choose, Esc goes back'
const DONE = 'Enter: back to the table'

/** The tour, from nothing to a rotated token: what is said of it, what is typed, and what is seen. */
export async function play(machine, page) {
  page.says(`
# A tour

A quarter of an hour with tokenctl, from an empty machine to a rotated token. Alice looks after the tokens of a few
programs; we look over her shoulder.

Everything here was typed in a real terminal, and this is what was seen. Only the dates and the token IDs are made up,
and of each secret there is just its ID, and \`…\` for the rest.`)

  const token = await firstRun(machine, page)
  await isItGood(page, token)
  await whatMayItDo(page)
  await moreClients(page)
  await whoRunsJobs(page)
  await allOfThem(page)

  machine.hoursLater(21 * 24)
  await threeWeeksLater(machine, page)
  await whatIsComing(page)
  await maintenance(page, token)

  const renewed = await newSecret(page)
  machine.hoursLater(1)
  await bothAreGood(page, token, renewed)
  machine.write('dashboards.log', `09:58:12 GET /sales 200\n10:00:01 GET /sales timed out, token=${token}\n`)
  await tokenInALog(page)
  machine.hoursLater(24)
  await theNextDay(page)

  await runbook(machine, page)
  await intoAPipe(page)
  await slipOfTheFinger(page)
  whereToGoOn(page)
}

async function firstRun(machine, page) {
  page.says(`
## The first minute

Nothing is there yet: no store, no client. Alice types one word.

tokenctl offers to make the store. Then it asks for the first client: its name, its role, how long its token should work,
and what for. It is for the sales dashboards, the client is called BI, and 90 days are enough.`)
  const terminal = machine.terminal(['tokenctl'])
  await terminal.answer('Make one?', `y${ENTER}`)
  await terminal.answer('Client name:', `BI${ENTER}`)
  await terminal.answer('Client role:', ENTER)
  await terminal.answer('Expires', `90d${ENTER}`)
  await terminal.answer('Description', `sales dashboards${ENTER}`)
  await terminal.sees([DONE])
  const { text } = terminal
  page.shows('console', text)
  page.says(`
The line that begins with \`tkc_\` is the token. **This is the only time it is shown.** The store keeps a hash of it, and
no command brings it back. It is on the clipboard as well, so Alice pastes it where the dashboards want it.

The two grey lines, *as a command*, say what did this. The screen always tells: what you did by hand
today, a script can do tomorrow.

Enter, and there is the table, *Access Token Management*:`)
  terminal.type(ENTER)
  await terminal.sees(['❯ BI', TABLE_IS_THERE])
  page.shows('text', terminal.text)
  page.says('Esc goes one step back, everywhere. From here that is out.')
  terminal.type(ESC)
  await terminal.end()
  return /^tkc_.*$/m.exec(text)[0]
}

async function isItGood(page, token) {
  page.says(`
## Is it good?

That is what services ask. The token comes in by a pipe, a file, or at a prompt that hides it; never as an argument,
where others could read it. The answer is a sentence for people and an exit code for programs.`)
  await page.runs(['tokenctl token verify', 'echo $?'], { answers: [['Token:', `${token}${ENTER}`]] })
}

async function whatMayItDo(page) {
  page.says(`
## What may it do?

Its role says so. The built-in \`user\` gives a client nothing yet, which is a good beginning. The dashboards have to read the
sales tables, so Alice makes a role for that, and gives it to BI. The token stays the same; what it may do has changed.`)
  await page.runs([
    "tokenctl role create analyst --allow 'select:sales.*'",
    'tokenctl client update BI --role analyst',
    'tokenctl role list',
  ])
}

async function moreClients(page) {
  page.says(`
## More clients

When you know what you want, it is one line.`)
  await page.runs("tokenctl client create nightly --role analyst --expires 30d --description 'nightly load'")
  page.says(`
A secret can go straight into a new file that only you can read. Nobody sees it, and there is nothing to paste. So Alice
makes a few more in a loop, and another one without an end.`)
  await page.runs([
    `for name in JDBC airflow grafana
do tokenctl client create $name --role user --expires 60d --secret-file $name.token
done`,
    'tokenctl client create archive --role user --expires never --secret-file archive.token',
  ])
  page.says('Do they work? `token verify` reads files too.')
  await page.runs('for file in *.token; do tokenctl token verify --file $file; done')
}

async function whoRunsJobs(page) {
  page.says(`
## Who runs Jobs?

The Jobs workflow runs as one of the clients. Alice says which.`)
  await page.runs('tokenctl jobs set-connection nightly')
  page.says(`
From now on tokenctl minds it. What would stop Jobs is said before it is done, and Enter alone means no.`)
  await page.runs('tokenctl client disable nightly', { answers: [['Continue?', ENTER]], exit: 7 })
}

async function allOfThem(page) {
  page.says(`
## All of them

One token a row. The table fits any terminal: in a narrow one the columns that matter least go first.`)
  await page.runs('tokenctl token list')
  page.says(`
You can narrow it and sort it: \`--role analyst\`, \`--search sales\`, \`--unused-for 90d\`, \`--sort expires\`. A pipe gets
it with tabs, and with \`--json\` it is JSON, like every other answer.`)
}

async function threeWeeksLater(machine, page) {
  page.says(`
## Three weeks later

Alice has another look. Just \`tokenctl\`, and the table is there.`)
  const terminal = machine.terminal(['tokenctl'])
  await terminal.sees(['❯ airflow', TABLE_IS_THERE])
  page.shows('text', terminal.text)
  page.says('To find a client, type. Two letters are enough, in any case:')
  terminal.type('bi')
  await terminal.sees(['Client: bi', '❯ BI', TABLE_IS_THERE], ['JDBC'])
  page.shows('text', terminal.text)
  page.says('Enter opens it. On the left is what can be done, on the right the command for it.')
  terminal.type(ENTER)
  await terminal.sees(['❯ Show', MENU_IS_THERE])
  page.shows('text', terminal.text)
  page.says(
    'Nothing to do today. Esc is the table, Esc again takes back what was typed, and once more leaves.',
  )
  terminal.type(ESC)
  await terminal.sees(['Client: bi', TABLE_IS_THERE])
  terminal.type(ESC)
  await terminal.sees(['❯ airflow', TABLE_IS_THERE])
  terminal.type(ESC)
  await terminal.end()
}

async function whatIsComing(page) {
  page.says(`
## What is coming?

Which tokens expire in which week? And what else should somebody look at?`)
  await page.runs('tokenctl token forecast')
  page.says(`
So \`nightly\` ends next week, and was never used: something to ask about. Below each table stands the command that lists
all of them. With \`--fail-if-any\` the exit code is 20 if anything falls due, which is all that cron needs.`)
}

async function maintenance(page, token) {
  page.says(`
## Maintenance

The sales database is worked on tonight, and the dashboards must stay away. Disabled, their token is no good; exit code
13 says so to programs.`)
  await page.runs(['tokenctl client disable BI', 'tokenctl token verify', 'echo $?'], {
    answers: [['Token:', `${token}${ENTER}`]],
  })
  page.says('Afterwards the same token is good again. Nobody had to change anything.')
  await page.runs('tokenctl client enable BI')
}

async function newSecret(page) {
  page.says(`
## A new secret, and nothing stops

Now the rotation. The token gets a new secret, and with an overlap the one in use goes on for a while: here a day, in
which Alice can give the new one to the dashboards.`)
  return page.runs('tokenctl token regenerate BI --overlap 24h')
}

async function bothAreGood(page, token, renewed) {
  page.says('An hour later both are good. First she pastes the old one, then the new one:')
  await page.runs(['tokenctl token verify', 'tokenctl token verify'], {
    answers: [
      ['Token:', `${token}${ENTER}`],
      ['Token:', `${renewed}${ENTER}`],
    ],
  })
}

async function tokenInALog(page) {
  page.says(`
## A token in a log

Somebody sends Alice a log, and there is a token in it. Whose? Does it still work? \`token identify\` finds it in the text
and tells. It does not print the secret again, and it does not count as a use.`)
  await page.runs(['tail -1 dashboards.log', 'tokenctl token identify --file dashboards.log'])
  page.says(`
It is the former secret of BI, good for 23 hours more. So the dashboards do not have the new one yet. Alice sees to it,
and the next day she looks again:`)
}

async function theNextDay(page) {
  await page.runs('tokenctl token identify --file dashboards.log')
  page.says('It has stopped by itself. What is in the log opens nothing any more.')
}

async function runbook(machine, page) {
  page.says(`
## As a runbook

The same as a script. Each kind of failure has an exit code of its own, and nothing but success has 0, so \`set -e\` is
enough. The new secret takes the place of the old one in its file in one step, and only then does it count: with a full
disk, the old one would just go on.`)
  machine.write(
    'rotate.sh',
    `set -euo pipefail
tokenctl client disable grafana
echo '... the maintenance ...'
tokenctl client enable grafana
tokenctl token regenerate grafana --overlap 24h --secret-file grafana.token --replace
tokenctl token verify --file grafana.token
`,
  )
  await page.runs(['cat rotate.sh', 'bash rotate.sh'])
  page.says(`
Without a terminal nothing is ever asked, and nothing is assumed either. What would have been a question is an error that
says what it is about. \`--no-input\` does the same at a terminal:`)
  await page.runs(['tokenctl client disable nightly --no-input', 'echo $?'])
}

async function intoAPipe(page) {
  page.says(`
## Into a pipe

A pipe gets the token and nothing else; the rest goes to standard error. Where Alice would have her vault, we have
\`token verify\`, to see what arrives.`)
  await page.runs("tokenctl token create JDBC --description 'second data centre' | tokenctl token verify")
}

async function slipOfTheFinger(page) {
  page.says(`
## A slip of the finger

Nothing is done on a guess. But the guess is there.`)
  await page.runs(['tokenctl client show grafanna', 'tokenctl list tokens'], { exit: 2 })
}

function whereToGoOn(page) {
  page.says(`
## Where to go on

- \`tokenctl --help\`, and \`--help\` behind any command: each has examples. Or \`man tokenctl\`.
- [Commands](commands.md): all of them, with their options, JSON fields and exit codes.
- [Security](security.md): what is promised of a secret, and what is not.
- [One store for many machines](../README.md#one-store-for-many-machines): the same in a PostgreSQL database.

\`npm run tour\` plays this tour and writes this page, and a test plays it again to see whether it is still true.`)
}
