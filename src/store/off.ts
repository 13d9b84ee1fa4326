/**
 * Whether the settings let no token of the row's client be valid, as 1 or 0: none at all, or of personal ones those of
 * the people who may not have any. What is asked of the settings is the same for all rows, and asked once.
 */
export const IS_OFF = `
  case
    when exists (select 1 from setting where name = 'tokens' and value = 'off') then 1
    when client.operator_id is null then 0
    when exists (select 1 from setting where name = 'personal-tokens' and value = 'everyone') then 0
    when exists (select 1 from setting where name = 'personal-tokens' and value = 'admins') and exists (
      select 1 from operator_grant join role held on held.id = operator_grant.role_id
      where operator_grant.operator_id = client.operator_id and held.name_key = 'admin' and held.built_in = 1
    ) then 0
    else 1
  end`
