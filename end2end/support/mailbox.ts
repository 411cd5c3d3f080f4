import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './server';

const ARRIVAL_MS = 30_000;

export interface Mail {
    envelope: { from: string; to: string[] };
    subject: string;
    text: string;
    html: string;
}

/** A real SMTP server, and the mails that arrived. */
export class Mailbox {
    private readonly arrived: Mail[] = [];
    private wake = (): void => undefined;

    private constructor(
        private readonly child: ChildProcessWithoutNullStreams,
        readonly port: number,
    ) {}

    static async open(): Promise<Mailbox> {
        const child = spawn(process.execPath, [join(ROOT, 'end2end/support/smtp.mjs'), '{}']);
        child.stderr.pipe(process.stderr);
        const lines = createInterface({ input: child.stdout });
        const port = await new Promise<number>((open, fail) => {
            lines.once('line', (line) => open(JSON.parse(line).port));
            child.once('exit', (code) => fail(new Error(`the SMTP server ended with ${code}`)));
        });
        const mailbox = new Mailbox(child, port);
        lines.on('line', (line) => {
            mailbox.arrived.push(JSON.parse(line));
            mailbox.wake();
        });
        return mailbox;
    }

    /** What the shop has to know to send by this server. */
    get settings(): Record<string, string> {
        return {
            LECTERN_MAIL__KIND: 'smtp',
            LECTERN_MAIL__SMTP__HOST: '127.0.0.1',
            LECTERN_MAIL__SMTP__PORT: String(this.port),
            LECTERN_MAIL__SMTP__TLS: 'none',
        };
    }

    /** Takes the mail to an address with that subject, when it is there. */
    async take(to: string, subject: string): Promise<Mail> {
        const late = Date.now() + ARRIVAL_MS;
        for (;;) {
            const at = this.arrived.findIndex((mail) => mail.envelope.to.includes(to) && mail.subject === subject);
            if (at >= 0) return this.arrived.splice(at, 1)[0];
            const left = late - Date.now();
            if (left <= 0) {
                const there = this.arrived.map((mail) => `${mail.envelope.to}: ${mail.subject}`);
                throw new Error(`no mail “${subject}” to ${to}; there are [${there.join(', ')}]`);
            }
            await new Promise<void>((next) => {
                const alarm = setTimeout(next, left);
                this.wake = () => {
                    clearTimeout(alarm);
                    next();
                };
            });
        }
    }

    /** Whether anything is there for an address. */
    has(to: string): boolean {
        return this.arrived.some((mail) => mail.envelope.to.includes(to));
    }

    close(): void {
        this.child.stdin.end();
        this.child.kill();
    }
}

/** The link of a mail; the HTML has the same one. */
export function linkIn(mail: { text: string; html: string }): string {
    const link = /^https?:\/\/\S+\?token=[0-9a-f]{64}$/m.exec(mail.text)?.[0];
    if (!link || !mail.html.includes(`href="${link}"`)) throw new Error(`no link in\n${mail.text}\n${mail.html}`);
    return link;
}
