/** Which setting stops the tokens of the row's client, or null. Who may have personal ones is `mayHavePersonal` of core/escalation.ts too. */
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
