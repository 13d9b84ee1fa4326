/**
 * The setting that lets no token of the row's client be valid, or null: there may be none at all, or of personal ones
 * only those of the people who may have some. What is asked of the settings is the same for all rows, and asked once.
 */
export const OFF_BY = `
  case
    when exists (select 1 from setting where name = 'tokens' and value = 'off') then 'tokens'
    when client.operator_id is null then null
    when exists (select 1 from setting where name = 'personal-tokens' and value = 'everyone') then null
    when exists (select 1 from setting where name = 'personal-tokens' and value = 'admins') and exists (
      select 1 from operator_grant join role held on held.id = operator_grant.role_id
      where operator_grant.operator_id = client.operator_id and held.name_key = 'admin' and held.built_in = 1
    ) then null
    else 'personal-tokens'
  end`
