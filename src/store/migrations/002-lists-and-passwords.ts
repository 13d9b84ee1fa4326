/** What lists filter by, and the passwords of operators. */
export const listsAndPasswords = `
alter table operator add column password_hash text;
`
