import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from '@playwright/test';
import { ROOT } from './server';

/** A real OpenID provider in Google's place, and the address of the shop to which it sends people back. */
export class Google {
    private constructor(
        private readonly child: ChildProcessWithoutNullStreams,
        /** What the shop has to know to log people in by this provider. */
        readonly settings: Record<string, string>,
    ) {}

    static async open(): Promise<Google> {
        // The provider has to know where the shop is before it opens.
        const listen = `127.0.0.1:${await freePort()}`;
        const wishes = { redirect: `http://${listen}/login/google/callback` };
        const child = spawn(process.execPath, [join(ROOT, 'end2end/support/provider.mjs'), JSON.stringify(wishes)]);
        child.stderr.pipe(process.stderr);
        const said = await new Promise<{ issuer: string; clientId: string; clientSecret: string }>((open, fail) => {
            createInterface({ input: child.stdout }).once('line', (line) => open(JSON.parse(line)));
            child.once('exit', (code) => fail(new Error(`the OpenID provider ended with ${code}`)));
        });
        return new Google(child, {
            LECTERN_LISTEN: listen,
            LECTERN_PUBLIC_URL: `http://${listen}`,
            LECTERN_GOOGLE__CLIENT_ID: said.clientId,
            LECTERN_GOOGLE__CLIENT_SECRET: said.clientSecret,
            LECTERN_GOOGLE__ISSUER: said.issuer,
        });
    }

    close(): void {
        this.child.stdin.end();
        this.child.kill();
    }
}

async function freePort(): Promise<number> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
}

/** What the provider's word is worth. */
export type Word = 'honest' | 'of another log-in' | 'an hour old' | 'signed with a new key';

/** Logs in at the provider, up to where it asks whether the shop may know. */
export async function logInThere(page: Page, email: string, confirmed = true, word: Word = 'honest'): Promise<void> {
    await page.getByRole('heading', { name: 'Log in at the provider' }).waitFor();
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('The address is confirmed').setChecked(confirmed);
    await page.getByLabel('The word').selectOption(word);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Tell the shop who you are?' }).waitFor();
}

/** Logs in at the provider and says yes; ends back in the shop. */
export async function sayYesThere(page: Page, email: string, confirmed = true, word: Word = 'honest'): Promise<void> {
    await logInThere(page, email, confirmed, word);
    await page.getByRole('button', { name: 'Allow' }).click();
}
