/** An overlap that also ends when the new secret is used. */
export const untilUsed = `
alter table secret add column until_used integer not null default 0 check (until_used in (0, 1));
`
