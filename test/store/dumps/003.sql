-- token: tkc_jPUURo96DH65dlBAdmvvPlcMNDCUr0jbP6INl4Eo46POQOa0fnLE7ew3l11HS
pragma application_id = 1953459043;
pragma user_version = 3;
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
, password_hash text, created_by text);
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
CREATE TABLE scope (
  id integer primary key,
  name text not null,
  name_key text not null,
  created_at bigint not null,
  created_by text not null,
  deleted_at bigint
);
CREATE TABLE session (
  digest text not null primary key,
  operator_id integer not null references operator (id),
  made_at bigint not null,
  used_at bigint not null
);
CREATE TABLE login_attempt (
  name_hash text not null primary key,
  failures bigint not null check (failures >= 1),
  last_at bigint not null
);
CREATE TABLE setting (
  name text not null primary key,
  value text not null
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
CREATE UNIQUE INDEX scope_by_name on scope (name_key) where deleted_at is null;
CREATE UNIQUE INDEX client_by_operator on client (operator_id) where operator_id is not null and deleted_at is null;
CREATE INDEX session_by_operator on session (operator_id);
CREATE INDEX login_attempt_by_age on login_attempt (last_at);
insert into store values (1, '32ab487d88dbbe6619b1f42c47baf6aa', 'tkc', 1795391693489);
insert into generation values (1, 17);
insert into role values (1, 'admin', 'admin', 1, 0, null);
insert into role values (2, 'auditor', 'auditor', 1, 0, null);
insert into role values (3, 'user', 'user', 1, 0, null);
insert into role values (4, 'analyst', 'analyst', 0, 1795391693595, null);
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
insert into operator values (1, 'root', 'root', 0, 1795391693489, null, null, null, null);
insert into operator values (2, 'bob', 'bob', null, 1795391723857, null, null, '$2b$12$OYKJiKU8aiJnaNzKcyRFyejzIXLjpTwIoR8jWlsAv6OTLd6ZsL8ou', 'root');
insert into operator_grant values (1, 1, 'cluster');
insert into operator_grant values (2, 1, 'acme');
insert into client values (1, 'BI', 'bi', 'cluster', 4, null, 1795391693922, 'root', null, null, null);
insert into client values (2, 'nightly', 'nightly', 'acme/etl', 4, null, 1795391694034, 'root', null, null, null);
insert into client values (3, 'JDBC', 'jdbc', 'cluster', 3, null, 1795391694148, 'root', null, null, null);
insert into client values (4, '@root', '@root', 'cluster', null, 1, 1795391724077, 'root', null, null, null);
insert into token values ('tkc_jPUURo96DH65', 1, 'the dashboards', 7776000, 1795391693923, 'root', null, null, 1795391693927);
insert into token values ('tkc_5tPnJEzko3w5', 2, null, null, 1795391694036, 'root', null, null, 1795391694040);
insert into token values ('tkc_5P15eMgI0i3I', 3, null, 31536000, 1795391694149, 'root', null, null, null);
insert into token values ('tkc_1kNNoLdUbYPI', 4, 'my own', 31536000, 1795391724078, 'root', null, null, 1795391724082);
insert into secret values ('AMyts3XL97maiZLc_xtEriLTfSeP61FEUNSbWxn73-U', 'tkc_jPUURo96DH65', 'current', 1795391693923, 'root', 1803167693923, null, 1795391693927, 'stdout', null, null);
insert into secret values ('7Vsc4hb2mcpGXgJQ6pTOfTo9XtFz4a_kY7mxt-4TWv8', 'tkc_5tPnJEzko3w5', 'former', 1795391694036, 'root', null, null, 1795391694040, 'stdout', 1795478123448, null);
insert into secret values ('zKOKgKHsCG8Qa6Pr6EIEj9FGangpo2wX8Od7FOsZSmk', 'tkc_5tPnJEzko3w5', 'current', 1795391723441, 'root', null, 86400, 1795391723448, 'stdout', null, null);
insert into secret values ('1Pki7UYNbfzQUNwh9ncNp9iD2dhtZfNXs6A0LRy9AnA', 'tkc_1kNNoLdUbYPI', 'current', 1795391724078, 'root', 1826927724078, null, 1795391724082, 'stdout', null, null);
insert into token_use values ('tkc_jPUURo96DH65', 'AMyts3XL97maiZLc_xtEriLTfSeP61FEUNSbWxn73-U', 1795391708788);
insert into token_use_day values ('tkc_jPUURo96DH65', 20779, 1);
insert into jobs_connection values (1, 1);
insert into audit values (1, 1795391693489, 'operator', 'root', 0, 'root', 'init', '["32ab487d88dbbe6619b1f42c47baf6aa"]', 'cluster', 'done', '{"tokenPrefix":"tkc","operator":"root"}', '32ab487d88dbbe6619b1f42c47baf6aa', '6cd9e7b95aab1dc3bf925d656b6bc5d384a50485ab8292debcb2a8cf3f65478d');
insert into audit values (2, 1795391693595, 'operator', 'root', 0, 'root', 'role create', '["analyst"]', 'cluster', 'done', '{"allow":["select:sales.*"]}', '6cd9e7b95aab1dc3bf925d656b6bc5d384a50485ab8292debcb2a8cf3f65478d', '43a2cd5afde569cf19062a088914bd4acf2627568d924fc98750d3bdecdc1bd4');
insert into audit values (3, 1795391693704, 'operator', 'root', 0, 'root', 'org create', '["acme"]', 'cluster', 'done', '{}', '43a2cd5afde569cf19062a088914bd4acf2627568d924fc98750d3bdecdc1bd4', 'bf839ba0c1c7487dea84d8cfb19752fb6c0fe14539d73d8edb81e7e1c8645cc9');
insert into audit values (4, 1795391693815, 'operator', 'root', 0, 'root', 'group create', '["acme/etl"]', 'acme', 'done', '{}', 'bf839ba0c1c7487dea84d8cfb19752fb6c0fe14539d73d8edb81e7e1c8645cc9', 'c671808d625cd9389b5c6e2d68601df050050a302b8718405f020999ffd7c0ef');
insert into audit values (5, 1795391693924, 'operator', 'root', 0, 'root', 'client create', '["BI","tkc_jPUURo96DH65"]', 'cluster', 'prepared', '{"role":"analyst","expiresAt":1803167693923}', 'c671808d625cd9389b5c6e2d68601df050050a302b8718405f020999ffd7c0ef', 'd83c3abd8f5b2453c5fdaae3e73d3e664a38b166e0d2001e2d9a6ea6da999b72');
insert into audit values (6, 1795391693928, 'operator', 'root', 0, 'root', 'client create', '["BI","tkc_jPUURo96DH65"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', 'd83c3abd8f5b2453c5fdaae3e73d3e664a38b166e0d2001e2d9a6ea6da999b72', '680d1694fe2f7da252d0d8b078feaddbcaa17518921434cf2e42ef8ef5ee3a49');
insert into audit values (7, 1795391694037, 'operator', 'root', 0, 'root', 'client create', '["nightly","tkc_5tPnJEzko3w5"]', 'acme/etl', 'prepared', '{"role":"analyst","expiresAt":null}', '680d1694fe2f7da252d0d8b078feaddbcaa17518921434cf2e42ef8ef5ee3a49', '37e724e7293c6fd908c0e8cface5e4cd4f0361f2a40f14fc5261c378861a7480');
insert into audit values (8, 1795391694040, 'operator', 'root', 0, 'root', 'client create', '["nightly","tkc_5tPnJEzko3w5"]', 'acme/etl', 'delivered', '{"deliveredTo":"stdout"}', '37e724e7293c6fd908c0e8cface5e4cd4f0361f2a40f14fc5261c378861a7480', 'bf59085e8ec1335b8eb6c5c29ec71d7bebc888236efb617dd0bc971212feeb54');
insert into audit values (9, 1795391694149, 'operator', 'root', 0, 'root', 'client create', '["JDBC","tkc_5P15eMgI0i3I"]', 'cluster', 'done', '{"role":"user"}', 'bf59085e8ec1335b8eb6c5c29ec71d7bebc888236efb617dd0bc971212feeb54', '95d445d05755b8c38354ff3958860b6a7693a3441014166560715bb7975a5fb1');
insert into audit values (10, 1795391694257, 'operator', 'root', 0, 'root', 'jobs set-connection', '["BI"]', 'cluster', 'done', '{}', '95d445d05755b8c38354ff3958860b6a7693a3441014166560715bb7975a5fb1', 'bd538ab368116d9305cc90935162d97df104bf08c01d0d9e41a44b2fd8c9a9e7');
insert into audit values (11, 1795391723442, 'operator', 'root', 0, 'root', 'token regenerate', '["nightly","tkc_5tPnJEzko3w5"]', 'acme/etl', 'prepared', '{"expiresAt":null,"overlapSeconds":86400}', 'bd538ab368116d9305cc90935162d97df104bf08c01d0d9e41a44b2fd8c9a9e7', 'defbc63f309537ae1caaf4aba2fc1339607761a0d53931239fa52a3f208c7bb6');
insert into audit values (12, 1795391723448, 'operator', 'root', 0, 'root', 'token regenerate', '["nightly","tkc_5tPnJEzko3w5"]', 'acme/etl', 'delivered', '{"deliveredTo":"stdout"}', 'defbc63f309537ae1caaf4aba2fc1339607761a0d53931239fa52a3f208c7bb6', 'af23c6fefcf1be88204205e0a82815cd53bd547c03abe4b4711690b99d23ac8e');
insert into audit values (13, 1795391723857, 'operator', 'root', 0, 'root', 'operator create', '["bob"]', 'cluster', 'done', '{"role":"admin","at":"acme","uid":null}', 'af23c6fefcf1be88204205e0a82815cd53bd547c03abe4b4711690b99d23ac8e', 'f5e90a28106a066d57d6d0c46442e6d508aa403fca45156359b026aa1fe36b9a');
insert into audit values (14, 1795391723967, 'operator', 'root', 0, 'root', 'settings set', '["personal-tokens"]', 'cluster', 'done', '{"value":"everyone","previousValue":"off"}', 'f5e90a28106a066d57d6d0c46442e6d508aa403fca45156359b026aa1fe36b9a', 'adf6c1f867fbebb0401584e54149455d5a501180faa1b230159ed7f2f368b7fb');
insert into audit values (15, 1795391724079, 'operator', 'root', 0, 'root', 'own-token create', '["@root","tkc_1kNNoLdUbYPI"]', 'cluster', 'prepared', '{"description":"my own","expiresAt":1826927724078}', 'adf6c1f867fbebb0401584e54149455d5a501180faa1b230159ed7f2f368b7fb', 'dfe37cac6b0089b03d1c1ba3b6c703b5b5f9fa02004564c5a64b59a7c6dc6d0e');
insert into audit values (16, 1795391724082, 'operator', 'root', 0, 'root', 'own-token create', '["@root","tkc_1kNNoLdUbYPI"]', 'cluster', 'delivered', '{"deliveredTo":"stdout"}', 'dfe37cac6b0089b03d1c1ba3b6c703b5b5f9fa02004564c5a64b59a7c6dc6d0e', '6380c395b2b0f47706212188f1d24a465c8680b795af148fcb26941836adf419');
insert into audit values (17, 1795391724495, 'operator', 'bob', 0, 'root', 'login', '["bob"]', 'cluster', 'done', '{}', '6380c395b2b0f47706212188f1d24a465c8680b795af148fcb26941836adf419', 'ef05faa987e3db23e0ab2598d423e7efcf4445ee8f2234094d1cb20d071f65af');
insert into audit values (18, 1795391724911, 'nobody', '', 0, 'root', 'login', '[]', 'cluster', 'denied', '{}', 'ef05faa987e3db23e0ab2598d423e7efcf4445ee8f2234094d1cb20d071f65af', 'f93a3c4f06a9a6085bfe4b5db7ce808a5990b0b37c925dbd9bf5214312294e56');
insert into token_idle values ('tkc_jPUURo96DH65', 1795391708788);
insert into token_idle values ('tkc_5tPnJEzko3w5', 1795391694036);
insert into token_idle values ('tkc_5P15eMgI0i3I', 1795391694149);
insert into token_idle values ('tkc_1kNNoLdUbYPI', 1795391724078);
insert into scope values (1, 'acme', 'acme', 1795391693704, 'root', null);
insert into scope values (2, 'acme/etl', 'acme/etl', 1795391693814, 'root', null);
insert into session values ('64fK1YMagAa9X07_0ERDoPZ_ep0xVW0-y1_o36x88go', 2, 1795391724494, 1795391724494);
insert into login_attempt values ('4M8MzBbyn5vDhDvq_NtoFvR6wSW3DER_aJH-ZBVRFQA', 1, 1795391724605);
insert into setting values ('personal-tokens', 'everyone');
