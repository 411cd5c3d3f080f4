// A real OpenID provider in Google's place: `node provider.mjs '{"redirect": "http://127.0.0.1:1/login/google/callback"}'`.
// It writes a line with its issuer and what the shop has to know, and works until its standard input ends.
//
// Whoever logs in writes any address, says whether the provider has confirmed it, and what its word is worth.
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const wishes = JSON.parse(process.argv[2] ?? '{}');
const client = { id: 'the-shop', secret: 'a secret of 32 letters: only here' };
/** The people who have logged in, by their subject. */
const people = new Map();
/** What the word is worth that the shop gets for them, by their subject. */
const words = new Map();

/** A new key to sign with. */
function makeKey(kid) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
}
const [key, nextKey] = [makeKey('first'), makeKey('next')];
const published = ({ kty, n, e, kid, alg, use }) => ({ kty, n, e, kid, alg, use });

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** Another ID token of the same person, signed as a real one. */
function word(claims, by) {
    const text = `${part({ alg: 'RS256', typ: 'JWT', kid: by.kid })}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(text), createPrivateKey({ key: by, format: 'jwk' }));
    return `${text}.${signature.toString('base64url')}`;
}

/** What stands in place of the honest ID token. */
const WORDS = {
    honest: (token) => token,
    'of another log-in': (_, claims) => word({ ...claims, nonce: 'of another log-in' }, key),
    'an hour old': (_, claims) => word({ ...claims, iat: claims.iat - 3600, exp: claims.iat - 3000 }, key),
    'signed with a new key': (_, claims) => word(claims, nextKey),
};

const escape = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
const page = (title, body) => `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>${title}</title>
<link rel="icon" href="data:,"><h1>${title}</h1><form method="post">${body}</form></html>`;
const LOG_IN = page(
    'Log in at the provider',
    `<label>Email <input name="email" type="email" required></label>
     <label><input name="verified" type="checkbox" checked> The address is confirmed</label>
     <label>The word <select name="word">${Object.keys(WORDS).map((name) => `<option>${name}</option>`)}</select></label>
     <button name="wish" value="go-on">Go on</button> <button name="wish" value="cancel" formnovalidate>Cancel</button>`,
);
const consentFor = (person) =>
    page(
        'Tell the shop who you are?',
        `<p>${escape(person.email)}</p><button name="wish" value="go-on">Allow</button>
         <button name="wish" value="cancel">Deny</button>`,
    );

function open(issuer) {
    const provider = new Provider(issuer, {
        jwks: { keys: [key] },
        clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [wishes.redirect] }],
        // As Google does: the ID token says who somebody is, and nobody has to be asked once more.
        conformIdTokenClaims: false,
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
        scopes: ['openid', 'email', 'profile'],
        pkce: { required: () => true },
        cookies: { keys: ['only for tests'] },
        features: { devInteractions: { enabled: false } },
        interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
        findAccount: (_, subject) => ({ accountId: subject, claims: () => ({ sub: subject, ...people.get(subject) }) }),
        ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
    });
    provider.use(async (ctx, next) => {
        await next();
        if (ctx.path === '/jwks') ctx.body = { keys: [key, nextKey].map(published) };
        const token = ctx.path === '/token' && ctx.body?.id_token;
        if (!token) return;
        const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
        ctx.body = { ...ctx.body, id_token: WORDS[words.get(claims.sub)](token, claims) };
    });
    return provider;
}

async function read(request) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    return new URLSearchParams(Buffer.concat(pieces).toString());
}

/** What somebody's grant comes to when they say yes. */
async function granted(provider, { grantId, session, params, prompt }) {
    const known = grantId && (await provider.Grant.find(grantId));
    const grant = known || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    if (prompt.details.missingOIDCScope) grant.addOIDCScope(prompt.details.missingOIDCScope.join(' '));
    if (prompt.details.missingOIDCClaims) grant.addOIDCClaims(prompt.details.missingOIDCClaims);
    return { consent: { grantId: await grant.save() } };
}

async function interact(provider, request, response) {
    const interaction = await provider.interactionDetails(request, response);
    const logsIn = interaction.prompt.name === 'login';
    if (request.method === 'GET') {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(logsIn ? LOG_IN : consentFor(people.get(interaction.session.accountId)));
        return;
    }
    const form = await read(request);
    const finish = (result) => provider.interactionFinished(request, response, result);
    if (form.get('wish') !== 'go-on') {
        await finish({ error: 'access_denied', error_description: 'they said no' });
    } else if (logsIn) {
        const email = form.get('email');
        const subject = `subject of ${email}`.replaceAll(' ', '-');
        people.set(subject, { email, email_verified: form.has('verified'), name: email.split('@')[0] });
        words.set(subject, form.get('word'));
        await finish({ login: { accountId: subject } });
    } else {
        await finish(await granted(provider, interaction));
    }
}

const server = createServer();
server.listen(wishes.port ?? 0, '127.0.0.1', () => {
    // By another name than the shop's, so that a browser takes it for another site.
    const issuer = `http://localhost:${server.address().port}`;
    const provider = open(issuer);
    const answer = provider.callback();
    server.on('request', (request, response) => {
        if (!request.url.startsWith('/interaction/')) return answer(request, response);
        return interact(provider, request, response).catch((error) => {
            process.stderr.write(`${error.stack}\n`);
            response.writeHead(500).end('That did not work.');
        });
    });
    process.stdout.write(`${JSON.stringify({ issuer, clientId: client.id, clientSecret: client.secret })}\n`);
});
createInterface({ input: process.stdin }).on('close', () => process.exit(0));
