-- token: tkc_BZKmuR1McIfmSTOFHWlwBKIo2kbfxs2S0PopVuIB2XKdi7r7PYY16j94aljX1
pragma application_id = 1953459043;
pragma user_version = 2;
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
, password_hash text);
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
, activated_at bigint);
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
CREATE TABLE token_idle (
  token_id text not null primary key references token (id),
  since bigint not null
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
CREATE INDEX token_idle_since on token_idle (since);
CREATE INDEX client_by_key on client (name_key, scope, deleted_at);
CREATE INDEX client_by_role on client (role_id, name_key, scope, deleted_at);
CREATE INDEX client_by_scope on client (scope);
CREATE INDEX client_by_age on client (created_at, deleted_at);
CREATE INDEX token_by_age on token (created_at, deleted_at);
CREATE INDEX client_deleted on client (deleted_at) where deleted_at is not null;
CREATE INDEX client_disabled on client (disabled_at) where disabled_at is not null and deleted_at is null;
CREATE INDEX client_provisional on client (provisional_since) where provisional_since is not null and deleted_at is null;
CREATE INDEX token_deleted on token (deleted_at) where deleted_at is not null;
CREATE INDEX token_disabled on token (disabled_at) where disabled_at is not null and deleted_at is null;
CREATE INDEX token_pending on token (activated_at) where activated_at is null and deleted_at is null;
CREATE INDEX secret_by_expiry on secret (expires_at) where state = 'current';
insert into store values (1, 'eee1f5c637afddccb7fa6d7e49e35590', 'tkc', 1795346752941);
insert into generation values (1, 17);
insert into role values (1, 'admin', 'admin', 1, 0, null);
insert into role values (2, 'auditor', 'auditor', 1, 0, null);
insert into role values (3, 'user', 'user', 1, 0, null);
insert into role values (4, 'analyst', 'analyst', 0, 1795346753041, null);
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
insert into role_permission values (4, 'select:hr.x');
insert into operator values (1, 'root', 'root', 0, 1795346752941, null, null, null);
insert into operator_grant values (1, 1, 'cluster');
insert into client values (1, 'BI', 'bi', 'cluster', 4, null, 1795346753147, 'root', null, null, null);
insert into client values (2, 'JDBC', 'jdbc', 'cluster', 3, null, 1795346753259, 'root', 1795346754394, null, null);
insert into client values (3, 'gone', 'gone', 'cluster', 3, null, 1795346753503, 'root', null, 1795346753608, null);
insert into client values (4, 'pending', 'pending', 'cluster', 4, null, 1795346753817, 'root', null, null, null);
insert into token values ('tkc_BZKmuR1McIfm', 1, 'the first', 31536000, 1795346753148, 'root', null, null, 1795346753153);
insert into token values ('tkc_cA6sE5zhGhap', 2, 'it''s JDBC', 31536000, 1795346753261, 'root', null, null, 1795346753266);
insert into token values ('tkc_lmka5bMY4bm5', 1, 'second', null, 1795346753371, 'root', null, null, 1795346753406);
insert into token values ('tkc_3rPWDZXj7fpz', 3, null, 31536000, 1795346753504, 'root', null, 1795346753608, 1795346753509);
insert into token values ('tkc_qMaaxyF7fE51', 4, null, 31536000, 1795346753818, 'root', null, null, null);
insert into secret values ('9as36jOPhDX67U9F4AueL2jeEwsxZ9Q3dAOizuIb9Yo', 'tkc_BZKmuR1McIfm', 'current', 1795346753149, 'root', 1826882753149, null, 1795346753153, 'stdout', null, null);
insert into secret values ('h-Z0nk0eagb2KPzGDvKysu6Z6qfdLtQftlmmH-aXMsE', 'tkc_cA6sE5zhGhap', 'former', 1795346753261, 'root', 1826882753261, null, 1795346753266, 'stdout', 1795433154164, null);
insert into secret values ('_6HTv0R6qycwwNqAgxjVvWg5m6n8rXAMDf6cM3g8qRk', 'tkc_lmka5bMY4bm5', 'current', 1795346753371, 'root', null, null, 1795346753406, 'stdout', null, null);
insert into secret values ('NNniw8ERM1foHH1LLw_atsvPisFG_4Ee0e3MEglliAM', 'tkc_3rPWDZXj7fpz', 'dead', 1795346753505, 'root', 1826882753505, null, 1795346753509, 'stdout', null, 1795346753608);
insert into secret values ('77p7y2XYV3ikyvqUfXiclN_us36-VAvS915ZACzyc4g', 'tkc_cA6sE5zhGhap', 'current', 1795346754158, 'root', 1826882754158, 86400, 1795346754164, 'stdout', null, null);
insert into token_use values ('tkc_BZKmuR1McIfm', '9as36jOPhDX67U9F4AueL2jeEwsxZ9Q3dAOizuIb9Yo', 1795346754027);
insert into token_use values ('tkc_cA6sE5zhGhap', '77p7y2XYV3ikyvqUfXiclN_us36-VAvS915ZACzyc4g', 1795346754186);
insert into token_use_day values ('tkc_BZKmuR1McIfm', 20779, 1);
insert into token_use_day values ('tkc_cA6sE5zhGhap', 20779, 1);
insert into jobs_connection values (1, 2);
insert into audit values (1, 1795346752941, 'operator', 'root', 0, 'root', 'init', '["eee1f5c637afddccb7fa6d7e49e35590"]', 'cluster', 'done', '{"tokenPrefix":"tkc","operator":"root"}', 'eee1f5c637afddccb7fa6d7e49e35590', 'f1f0e45a1ac926f271bf21baca98b70b8d4b8eb04c095de3c306f8ced9ac611e');
insert into audit values (2, 1795346753041, 'operator', 'root', 0, 'root', 'role create', '["analyst"]', 'cluster', 'done', '{"allow":["select:sales.*"]}', 'f1f0e45a1ac926f271bf21baca98b70b8d4b8eb04c095de3c306f8ced9ac611e', '0ab1a729ba0952fffc810f8e48a78170d458d6d65496a4b6129e3f1b855b2749');
insert into audit values (3, 1795346753150, 'operator', 'root', 0, 'root', 'client create', '["BI","tkc_BZKmuR1McIfm"]', 'cluster', 'prepared', '{"role":"analyst","expiresAt":1826882753149}', '0ab1a729ba0952fffc810f8e48a78170d458d6d65496a4b6129e3f1b855b2749', 'e55aaa506d8927639f42724af1ec27f1773a098008595e1f8a6e809e4d0f6cb7');
insert into audit values (4, 1795346753154, 'operator', 'root', 0, 'root', 'client create', '["BI","tkc_BZKmuR1McIfm"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', 'e55aaa506d8927639f42724af1ec27f1773a098008595e1f8a6e809e4d0f6cb7', 'e00d18d3c2cd01b608c020ae2af411cda98b509265164f131a42721013df9a37');
insert into audit values (5, 1795346753262, 'operator', 'root', 0, 'root', 'client create', '["JDBC","tkc_cA6sE5zhGhap"]', 'cluster', 'prepared', '{"role":"user","expiresAt":1826882753261}', 'e00d18d3c2cd01b608c020ae2af411cda98b509265164f131a42721013df9a37', '05475c41d50d9aa0ecef7b6f0049163663de504dd57c0d8e36ca51794f33e63a');
insert into audit values (6, 1795346753266, 'operator', 'root', 0, 'root', 'client create', '["JDBC","tkc_cA6sE5zhGhap"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', '05475c41d50d9aa0ecef7b6f0049163663de504dd57c0d8e36ca51794f33e63a', '049748230e3fa96764ff60e53f82b5b2a5a446d262fdb4ebb841e75f0c8f86ee');
insert into audit values (7, 1795346753372, 'operator', 'root', 0, 'root', 'token create', '["BI","tkc_lmka5bMY4bm5"]', 'cluster', 'prepared', '{"description":"second","expiresAt":null}', '049748230e3fa96764ff60e53f82b5b2a5a446d262fdb4ebb841e75f0c8f86ee', '55d865482f4f315cac85e3018bc8c4abb62f968edfa2846d737ff016ba6783f8');
insert into audit values (8, 1795346753406, 'operator', 'root', 0, 'root', 'token create', '["BI","tkc_lmka5bMY4bm5"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', '55d865482f4f315cac85e3018bc8c4abb62f968edfa2846d737ff016ba6783f8', '8096be4ea32c1d7e64f935f0e67cedcf341d8017eb46ad1c73bd498c14257e29');
insert into audit values (9, 1795346753506, 'operator', 'root', 0, 'root', 'client create', '["gone","tkc_3rPWDZXj7fpz"]', 'cluster', 'prepared', '{"role":"user","expiresAt":1826882753505}', '8096be4ea32c1d7e64f935f0e67cedcf341d8017eb46ad1c73bd498c14257e29', 'd3cfbee921eb02b4d6d56a01722e0d9aa7621ca91a3dfa227fbf26b72f95b528');
insert into audit values (10, 1795346753510, 'operator', 'root', 0, 'root', 'client create', '["gone","tkc_3rPWDZXj7fpz"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', 'd3cfbee921eb02b4d6d56a01722e0d9aa7621ca91a3dfa227fbf26b72f95b528', '9f93a04b82460b625c9a106e14092522b12721a8043ba7185040d46015590182');
insert into audit values (11, 1795346753608, 'operator', 'root', 0, 'root', 'client delete', '["gone","tkc_3rPWDZXj7fpz"]', 'cluster', 'done', '{}', '9f93a04b82460b625c9a106e14092522b12721a8043ba7185040d46015590182', '8d5941b9dac20d25efd87683add9336c3dfc65d063164f9e396d6db5ed69d042');
insert into audit values (12, 1795346753819, 'operator', 'root', 0, 'root', 'client create', '["pending","tkc_qMaaxyF7fE51"]', 'cluster', 'done', '{"role":"user"}', '8d5941b9dac20d25efd87683add9336c3dfc65d063164f9e396d6db5ed69d042', '5887703c1a0fe4f41406b9ff7e704d1235105637d0ddea848881ccc739dd1926');
insert into audit values (13, 1795346753922, 'operator', 'root', 0, 'root', 'jobs set-connection', '["JDBC"]', 'cluster', 'done', '{}', '5887703c1a0fe4f41406b9ff7e704d1235105637d0ddea848881ccc739dd1926', '62e46ba4ca418453e8228f3beba59638084fe154c297879394d12962174c829f');
insert into audit values (14, 1795346754160, 'operator', 'root', 0, 'root', 'token regenerate', '["JDBC","tkc_cA6sE5zhGhap"]', 'cluster', 'prepared', '{"expiresAt":1826882754158,"overlapSeconds":86400}', '62e46ba4ca418453e8228f3beba59638084fe154c297879394d12962174c829f', '72ef0345352ecdc13b591bb4c0647731f1018e4002d01ba499eb39374cde970a');
insert into audit values (15, 1795346754164, 'operator', 'root', 0, 'root', 'token regenerate', '["JDBC","tkc_cA6sE5zhGhap"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', '72ef0345352ecdc13b591bb4c0647731f1018e4002d01ba499eb39374cde970a', '8bf6262bbc274daf3c2af087b2d120fb7c3be087474d172165297d1ea78bbf2a');
insert into audit values (16, 1795346754394, 'operator', 'root', 0, 'root', 'client disable', '["JDBC"]', 'cluster', 'done', '{}', '8bf6262bbc274daf3c2af087b2d120fb7c3be087474d172165297d1ea78bbf2a', '0d81e7e8336409b16aa920fec6bbce75d0217f7aba0dda17fb6e53fb69ce5c3c');
insert into audit values (17, 1795346754505, 'operator', 'root', 0, 'root', 'role update', '["analyst"]', 'cluster', 'done', '{"allow":["select:hr.x"],"remove":[]}', '0d81e7e8336409b16aa920fec6bbce75d0217f7aba0dda17fb6e53fb69ce5c3c', 'd98a44edb8aada0880e3bfbbfce8cba756d1f4c95041f293ece88f394110290a');
insert into audit values (18, 1795346754631, 'operator', 'root', 0, 'root', 'client update', '["pending"]', 'cluster', 'done', '{"role":"analyst","previousRole":"user"}', 'd98a44edb8aada0880e3bfbbfce8cba756d1f4c95041f293ece88f394110290a', 'c6165a3519d17090d2e8bb25eea0f1d61dfa348dbb1765d07ca7f9483bf21271');
insert into token_idle values ('tkc_BZKmuR1McIfm', 1795346754027);
insert into token_idle values ('tkc_cA6sE5zhGhap', 1795346754186);
insert into token_idle values ('tkc_lmka5bMY4bm5', 1795346753371);
insert into token_idle values ('tkc_3rPWDZXj7fpz', 1795346753504);
insert into token_idle values ('tkc_qMaaxyF7fE51', 1795346753818);
