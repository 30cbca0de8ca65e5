// An identity server for tests: node server.mjs PORT CLIENT SECRET REDIRECT
// Whoever calls themselves something at its form is signed in as that; no password, loopback only.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [port, client, secret, redirect] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: [redirect] }],
  claims: { openid: ["sub"], profile: ["name", "preferred_username"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["test"] },
  pkce: { required: () => true },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id.toUpperCase(), preferred_username: id }),
  }),
});
createServer(provider.callback()).listen(Number(port), "127.0.0.1", () => console.log(issuer));
