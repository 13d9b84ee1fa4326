-- token: tkc_yYoNvAQ1BOgU3i9idGYXU0al7S54e18BuSGMxOD07le9sgjJYiBbAzb2myQzC
pragma application_id = 1953459043;
pragma user_version = 1;
CREATE TABLE store (
  one integer primary key check (one = 1),
  id text not null,
  token_prefix text not null,
  created_at bigint not null
);
CREATE TABLE generation (
  one integer primary key check (one = 1),
  value bigint not null
);
CREATE TABLE role (
  id integer primary key,
  name text not null,
  name_key text not null,
  built_in integer not null check (built_in in (0, 1)),
  created_at bigint not null,
  deleted_at bigint
);
CREATE TABLE role_permission (
  role_id integer not null references role (id),
  pattern text not null,
  primary key (role_id, pattern)
);
CREATE TABLE operator (
  id integer primary key,
  name text not null,
  name_key text not null,
  uid bigint,
  created_at bigint not null,
  disabled_at bigint,
  deleted_at bigint
);
CREATE TABLE operator_grant (
  operator_id integer not null references operator (id),
  role_id integer not null references role (id),
  scope text not null,
  primary key (operator_id, role_id, scope)
);
CREATE TABLE client (
  id integer primary key,
  name text not null,
  name_key text not null,
  scope text not null,
  role_id integer references role (id),
  -- Of an operator's personal client, which has no role and acts with that operator's grants.
  operator_id integer references operator (id),
  created_at bigint not null,
  created_by text not null,
  disabled_at bigint,
  deleted_at bigint,
  -- Set while nobody has confirmed that its first token was delivered.
  provisional_since bigint,
  check ((role_id is null) = (operator_id is not null))
);
CREATE TABLE token (
  id text not null primary key,
  client_id integer not null references client (id),
  description text,
  lifetime bigint check (lifetime between 60 and 315360000),
  created_at bigint not null,
  created_by text not null,
  disabled_at bigint,
  deleted_at bigint
);
CREATE TABLE secret (
  digest text not null primary key,
  token_id text not null references token (id),
  state text not null check (state in ('pending', 'current', 'former', 'dead')),
  made_at bigint not null,
  made_by text not null,
  expires_at bigint,
  overlap bigint check (overlap between 60 and 315360000),
  activated_at bigint,
  delivered_to text,
  former_until bigint,
  dead_at bigint,
  check (state not in ('current', 'former') or activated_at is not null),
  check (state <> 'former' or former_until is not null),
  check (state <> 'pending' or (activated_at is null and former_until is null)),
  check ((state = 'dead') = (dead_at is not null))
);
CREATE TABLE token_use (
  token_id text not null references token (id),
  digest text not null,
  last_used_at bigint not null,
  primary key (token_id, digest)
);
CREATE TABLE token_use_day (
  token_id text not null references token (id),
  -- Days since 1970, UTC.
  day integer not null,
  uses bigint not null,
  primary key (token_id, day)
);
CREATE TABLE jobs_connection (
  one integer primary key check (one = 1),
  client_id integer not null references client (id)
);
CREATE TABLE audit (
  sequence bigint not null primary key check (sequence >= 1),
  at bigint not null,
  actor_kind text not null,
  actor text not null,
  os_uid bigint not null,
  os_name text,
  action text not null,
  targets text not null,
  scope text not null,
  outcome text not null,
  details text not null,
  -- One chain: no entry has two successors.
  previous_hash text not null unique,
  hash text not null unique
);
CREATE UNIQUE INDEX role_by_name on role (name_key) where deleted_at is null;
CREATE UNIQUE INDEX operator_by_name on operator (name_key) where deleted_at is null;
CREATE UNIQUE INDEX operator_by_uid on operator (uid) where deleted_at is null;
CREATE UNIQUE INDEX client_by_name on client (scope, name_key) where deleted_at is null;
CREATE INDEX token_by_client on token (client_id, created_at);
CREATE INDEX secret_by_token on secret (token_id);
CREATE UNIQUE INDEX secret_pending on secret (token_id) where state = 'pending';
CREATE UNIQUE INDEX secret_current on secret (token_id) where state = 'current';
CREATE UNIQUE INDEX secret_former on secret (token_id) where state = 'former';
insert into store values (1, '18bf5249c89bb56a6fde24a2e2bc22cc', 'tkc', 1795337507925);
insert into generation values (1, 11);
insert into role values (1, 'admin', 'admin', 1, 0, null);
insert into role values (2, 'auditor', 'auditor', 1, 0, null);
insert into role values (3, 'user', 'user', 1, 0, null);
insert into role values (4, 'analyst', 'analyst', 0, 1795337508086, null);
insert into role_permission values (1, '*:*');
insert into role_permission values (1, '*:tokenctl/*');
insert into role_permission values (2, 'list:tokenctl/*');
insert into role_permission values (2, 'show:tokenctl/*');
insert into role_permission values (2, 'get:tokenctl/*');
insert into role_permission values (2, 'info:tokenctl/*');
insert into role_permission values (2, 'check:tokenctl/*');
insert into role_permission values (2, 'forecast:tokenctl/*');
insert into role_permission values (2, 'identify:tokenctl/*');
insert into role_permission values (2, 'show-connection:tokenctl/jobs');
insert into role_permission values (2, 'verify:tokenctl/audit');
insert into role_permission values (2, 'export:tokenctl/audit');
insert into role_permission values (3, '*:tokenctl/own-token');
insert into role_permission values (4, 'select:sales.*');
insert into operator values (1, 'root', 'root', 0, 1795337507925, null, null);
insert into operator_grant values (1, 1, 'cluster');
insert into client values (1, 'BI', 'bi', 'cluster', 3, null, 1795337507938, 'root', null, null, null);
insert into client values (2, 'JDBC', 'jdbc', 'cluster', 4, null, 1795337508249, 'root', null, null, null);
insert into client values (3, 'old', 'old', 'cluster', 3, null, 1795337508996, 'root', null, 1795337509130, null);
insert into token values ('tkc_yYoNvAQ1BOgU', 1, 'the first', 31536000, 1795337507938, 'root', null, null);
insert into token values ('tkc_J98sPIVuIDgr', 2, 'it''s JDBC', null, 1795337508249, 'root', 1795337509302, null);
insert into token values ('tkc_jU0u7bkaGNx3', 3, null, 31536000, 1795337508996, 'root', null, 1795337509130);
insert into secret values ('yCw1LXPO-oXYBDr1RJCUV5-SJfzJMR-jZW5p_Z25IRI', 'tkc_yYoNvAQ1BOgU', 'former', 1795337507938, 'root', 1826873507938, null, 1795337507943, 'stdout', 1797929508428, null);
insert into secret values ('2Ua6NkllKOfECcLtsaQnyZ2yz2vrHRc7gYs_pCNsQIc', 'tkc_J98sPIVuIDgr', 'current', 1795337508251, 'root', null, null, 1795337508260, 'stdout', null, null);
insert into secret values ('KRI7geWn8mmnNUmqgPk_hs9zHbLKmRqPXhjQI1BazbM', 'tkc_yYoNvAQ1BOgU', 'current', 1795337508420, 'root', 1826873508420, 2592000, 1795337508428, 'stdout', null, null);
insert into token_use values ('tkc_yYoNvAQ1BOgU', 'KRI7geWn8mmnNUmqgPk_hs9zHbLKmRqPXhjQI1BazbM', 1795337508571);
insert into token_use values ('tkc_yYoNvAQ1BOgU', 'yCw1LXPO-oXYBDr1RJCUV5-SJfzJMR-jZW5p_Z25IRI', 1795337508713);
insert into token_use_day values ('tkc_yYoNvAQ1BOgU', 20779, 2);
insert into jobs_connection values (1, 2);
insert into audit values (1, 1795337507925, 'operator', 'root', 0, 'root', 'init', '["18bf5249c89bb56a6fde24a2e2bc22cc"]', 'cluster', 'done', '{"tokenPrefix":"tkc","operator":"root"}', '18bf5249c89bb56a6fde24a2e2bc22cc', 'a8127635b203b0dddde6441f116d4a53750da27f4d04d74255de06e9af54129e');
insert into audit values (2, 1795337507940, 'operator', 'root', 0, 'root', 'client create', '["BI","tkc_yYoNvAQ1BOgU"]', 'cluster', 'prepared', '{"role":"user","expiresAt":1826873507938}', 'a8127635b203b0dddde6441f116d4a53750da27f4d04d74255de06e9af54129e', '496abc8a490a419f03bbf471a36d53b89708d88dcf6c1bf287aecbb724139bf0');
insert into audit values (3, 1795337507943, 'operator', 'root', 0, 'root', 'client create', '["BI","tkc_yYoNvAQ1BOgU"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', '496abc8a490a419f03bbf471a36d53b89708d88dcf6c1bf287aecbb724139bf0', 'f38ed5a392598a7ba065d0193f9785bad186c0daf09b314ba78ed34c21f6a313');
insert into audit values (4, 1795337508087, 'operator', 'root', 0, 'root', 'role create', '["analyst"]', 'cluster', 'done', '{"allow":["select:sales.*"]}', 'f38ed5a392598a7ba065d0193f9785bad186c0daf09b314ba78ed34c21f6a313', '84a898c5e3ae1b757c0a16e52ab551b5a60917d074c017f933427fb0e4769a5c');
insert into audit values (5, 1795337508252, 'operator', 'root', 0, 'root', 'client create', '["JDBC","tkc_J98sPIVuIDgr"]', 'cluster', 'prepared', '{"role":"analyst","expiresAt":null}', '84a898c5e3ae1b757c0a16e52ab551b5a60917d074c017f933427fb0e4769a5c', '43edb4eb3ab74d7a3bb48b6a4ef8f002cf1bca4ca76d0d0feab197546d76fd2b');
insert into audit values (6, 1795337508260, 'operator', 'root', 0, 'root', 'client create', '["JDBC","tkc_J98sPIVuIDgr"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', '43edb4eb3ab74d7a3bb48b6a4ef8f002cf1bca4ca76d0d0feab197546d76fd2b', 'c7515c639a0f8f0a9af25ac4f732e90cc7e0a74e4a4c1092c05fb69c11363d3d');
insert into audit values (7, 1795337508422, 'operator', 'root', 0, 'root', 'token regenerate', '["BI","tkc_yYoNvAQ1BOgU"]', 'cluster', 'prepared', '{"expiresAt":1826873508420,"overlapSeconds":2592000}', 'c7515c639a0f8f0a9af25ac4f732e90cc7e0a74e4a4c1092c05fb69c11363d3d', '80b7ab1afa8d9c63d704f6d9e7fd71d527e5ebd152cb08b5de8ab6174a13ca62');
insert into audit values (8, 1795337508429, 'operator', 'root', 0, 'root', 'token regenerate', '["BI","tkc_yYoNvAQ1BOgU"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', '80b7ab1afa8d9c63d704f6d9e7fd71d527e5ebd152cb08b5de8ab6174a13ca62', 'e665ee6249eb8a035dfef892ba2a04c6a57eff75bf1e59f0cd639d7451b56574');
insert into audit values (9, 1795337508858, 'operator', 'root', 0, 'root', 'jobs set-connection', '["JDBC"]', 'cluster', 'done', '{}', 'e665ee6249eb8a035dfef892ba2a04c6a57eff75bf1e59f0cd639d7451b56574', 'b0d4d4e06b7165f1a5f95f8511cac85976e7d73254443fc8fa4f0352ea67c0e9');
insert into audit values (10, 1795337508999, 'operator', 'root', 0, 'root', 'client create', '["old","tkc_jU0u7bkaGNx3"]', 'cluster', 'done', '{"role":"user"}', 'b0d4d4e06b7165f1a5f95f8511cac85976e7d73254443fc8fa4f0352ea67c0e9', '9fcb847449b811930c68ee9f8a6a82f405fb2f447a83e6e21d2cfe37c5c204c5');
insert into audit values (11, 1795337509131, 'operator', 'root', 0, 'root', 'client delete', '["old","tkc_jU0u7bkaGNx3"]', 'cluster', 'done', '{}', '9fcb847449b811930c68ee9f8a6a82f405fb2f447a83e6e21d2cfe37c5c204c5', '00eecb8aefddb30bb8c36a7cc9a4fb2f9430a12e22e6656a09a833edfaaf7c08');
insert into audit values (12, 1795337509302, 'operator', 'root', 0, 'root', 'token disable', '["JDBC","tkc_J98sPIVuIDgr"]', 'cluster', 'done', '{}', '00eecb8aefddb30bb8c36a7cc9a4fb2f9430a12e22e6656a09a833edfaaf7c08', '2ea4a5c695debe99d5987faf4e126f22cfb9ccbc4c782fa8b459413df5aad3ac');
