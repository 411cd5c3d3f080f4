// A real SMTP server for tests: `node smtp.mjs '{"port": 0}'`. It writes a line with its port, and a line of JSON for
// each mail that it takes, until its standard input ends.
//
// Wishes: `port`; `cert` and `key` (PEM) for STARTTLS, or for TLS from the first byte with `implicit`; `user` and
// `password`, without which nobody may send; `refuse`, which answers a recipient with a code.
import { createInterface } from 'node:readline';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

const wishes = JSON.parse(process.argv[2] ?? '{}');
const say = (words) => process.stdout.write(`${JSON.stringify(words)}\n`);
const refusal = (code, words) => Object.assign(new Error(words), { responseCode: code });

const server = new SMTPServer({
    secure: wishes.implicit ?? false,
    cert: wishes.cert,
    key: wishes.key,
    hideSTARTTLS: !wishes.cert || wishes.implicit,
    authOptional: !wishes.user,
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth({ username, password }, _session, answer) {
        const known = username === wishes.user && password === wishes.password;
        if (known) answer(null, { user: username });
        else answer(refusal(535, 'unknown user or password'));
    },
    onRcptTo({ address }, _session, answer) {
        const code = wishes.refuse?.[address];
        answer(code ? refusal(code, 'not this one') : null);
    },
    async onData(stream, session, answer) {
        const pieces = [];
        for await (const piece of stream) pieces.push(piece);
        const mail = await PostalMime.parse(Buffer.concat(pieces));
        const { mailFrom, rcptTo } = session.envelope;
        say({
            secure: session.secure,
            user: session.user ?? null,
            envelope: { from: mailFrom.address, to: rcptTo.map(({ address }) => address) },
            headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
            from: mail.from,
            to: mail.to,
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
        });
        answer();
    },
});
// A client that breaks off is what some tests are about.
server.on('error', (error) => process.stderr.write(`${error.message}\n`));
server.listen(wishes.port ?? 0, '127.0.0.1', () => say({ port: server.server.address().port }));
createInterface({ input: process.stdin }).on('close', () => process.exit(0));
