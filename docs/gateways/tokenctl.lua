-- Asks `tokenctl serve` whether a request's token is good, for haproxy.cfg:
--
--   lua-load-per-thread /etc/haproxy/tokenctl.lua
--   http-request lua.tokenctl 127.0.0.1:8420 "/verify?permission=select:sales.orders"
--
-- and leaves the answer in txn.tokenctl_status (200: valid; 400, 401, 403: no; anything else or none: no answer),
-- txn.tokenctl_challenge (WWW-Authenticate), and txn.tokenctl_client, _role, _scope, _token_id.

-- Milliseconds, for each of the four attempts that HAProxy makes.
local TIMEOUT = 1000

-- Each a line of its own, as they came: two tokens are the verifier's to refuse. HAProxy counts them from 0.
local function authorization(headers)
  local lines = {}
  local index = 0
  while headers.authorization and headers.authorization[index] do
    lines[index + 1] = headers.authorization[index]
    index = index + 1
  end
  return lines
end

core.register_action("tokenctl", { "http-req" }, function(txn, verifier, path)
  -- Of the visitor's request nothing goes there but the token.
  local answer = core.httpclient():get({
    url = "http://tokenctl" .. path,
    headers = { host = { "tokenctl" }, authorization = authorization(txn.http:req_get_headers()) },
    dst = verifier,
    timeout = TIMEOUT,
  })

  local function said(name)
    local value = answer.headers and answer.headers[name] and answer.headers[name][0]
    return value ~= "" and value or nil
  end

  local function keep(name, header)
    if said(header) then
      txn:set_var("txn.tokenctl_" .. name, said(header))
    end
  end

  -- Only 200 with a token's ID is a yes: something else may have answered there.
  if answer.status == 200 and not said("x-tokenctl-token-id") then
    return
  end
  keep("challenge", "www-authenticate")
  keep("client", "x-tokenctl-client")
  keep("role", "x-tokenctl-role")
  keep("scope", "x-tokenctl-scope")
  keep("token_id", "x-tokenctl-token-id")
  txn:set_var("txn.tokenctl_status", answer.status)
end, 2)
