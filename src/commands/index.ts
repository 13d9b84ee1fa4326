import type { App } from '../cli/app.ts'
import { type Group, groupOf, type HelpOutput, type Program, rootCommand } from '../cli/program.ts'
import { clientCreate } from './client/create.ts'
import { clientDelete } from './client/delete.ts'
import { clientDisable } from './client/disable.ts'
import { clientEnable } from './client/enable.ts'
import { clientList } from './client/list.ts'
import { clientShow } from './client/show.ts'
import { clientUpdate } from './client/update.ts'
import { complete } from './complete.ts'
import { completionBash } from './completion/bash.ts'
import { completionFish } from './completion/fish.ts'
import { completionZsh } from './completion/zsh.ts'
import { groupCreate } from './group/create.ts'
import { groupDelete } from './group/delete.ts'
import { groupList } from './group/list.ts'
import { init } from './init.ts'
import { jobsClearConnection } from './jobs/clear-connection.ts'
import { jobsSetConnection } from './jobs/set-connection.ts'
import { jobsShowConnection } from './jobs/show-connection.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { operatorCreate } from './operator/create.ts'
import { operatorDelete } from './operator/delete.ts'
import { operatorDisable } from './operator/disable.ts'
import { operatorEnable } from './operator/enable.ts'
import { operatorGrant } from './operator/grant.ts'
import { operatorList } from './operator/list.ts'
import { operatorPasswd } from './operator/passwd.ts'
import { operatorRevoke } from './operator/revoke.ts'
import { operatorShow } from './operator/show.ts'
import { orgCreate } from './org/create.ts'
import { orgDelete } from './org/delete.ts'
import { orgList } from './org/list.ts'
import { roleCreate } from './role/create.ts'
import { roleDelete } from './role/delete.ts'
import { roleList } from './role/list.ts'
import { roleShow } from './role/show.ts'
import { roleUpdate } from './role/update.ts'
import { serve } from './serve.ts'
import { settingsGet } from './settings/get.ts'
import { settingsList } from './settings/list.ts'
import { settingsSet } from './settings/set.ts'
import { settingsUnset } from './settings/unset.ts'
import { storeInfo } from './store/info.ts'
import { tokenCreate } from './token/create.ts'
import { tokenDelete } from './token/delete.ts'
import { tokenDisable } from './token/disable.ts'
import { tokenEnable } from './token/enable.ts'
import { tokenForecast } from './token/forecast.ts'
import { tokenIdentify } from './token/identify.ts'
import { tokenList } from './token/list.ts'
import { tokenRegenerate } from './token/regenerate.ts'
import { tokenRevoke } from './token/revoke.ts'
import { tokenShow } from './token/show.ts'
import { tokenUpdate } from './token/update.ts'
import { tokenVerify } from './token/verify.ts'
import { whoami } from './whoami.ts'

type Declare = (group: Group, app: App) => void

/** Every noun with its verbs, in the order in which help shows them. */
const NOUNS: readonly (readonly [noun: string, summary: string, verbs: readonly Declare[]])[] = [
  [
    'client',
    'register and manage clients',
    [clientCreate, clientList, clientShow, clientUpdate, clientDisable, clientEnable, clientDelete],
  ],
  [
    'token',
    'manage access tokens, and verify them',
    [
      tokenCreate,
      tokenList,
      tokenShow,
      tokenUpdate,
      tokenRegenerate,
      tokenDisable,
      tokenEnable,
      tokenDelete,
      tokenVerify,
      tokenIdentify,
      tokenForecast,
      tokenRevoke,
    ],
  ],
  ['role', 'named sets of permissions', [roleCreate, roleList, roleShow, roleUpdate, roleDelete]],
  ['org', 'organizations, with their groups and clients', [orgCreate, orgList, orgDelete]],
  ['group', 'groups in organizations', [groupCreate, groupList, groupDelete]],
  [
    'operator',
    'people who administer, and what they may',
    [
      operatorCreate,
      operatorList,
      operatorShow,
      operatorGrant,
      operatorRevoke,
      operatorPasswd,
      operatorDisable,
      operatorEnable,
      operatorDelete,
    ],
  ],
  [
    'jobs',
    'choose the client that Jobs runs as',
    [jobsSetConnection, jobsShowConnection, jobsClearConnection],
  ],
  ['settings', 'the policy of the store', [settingsList, settingsGet, settingsSet, settingsUnset]],
  ['store', 'about the store itself', [storeInfo]],
  ['completion', 'complete what you type, in your shell', [completionBash, completionZsh, completionFish]],
]

/** The whole tree of commands. */
export function programOf(app: App, help: HelpOutput): Program {
  const program = rootCommand(app, help)
  init(program, app)
  login(program, app)
  logout(program, app)
  whoami(program, app)
  serve(program, app)
  for (const [noun, summary, verbs] of NOUNS) {
    const group = groupOf(program, noun, summary)
    for (const declare of verbs) declare(group, app)
  }
  complete(program, app)
  return program
}
