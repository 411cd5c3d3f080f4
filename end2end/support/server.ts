import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { bucketAt } from './s3';

export const ROOT = resolve(__dirname, '../..');
export const ADMIN = { email: 'admin@example.com', password: 'a quiet desk by the window' };

/** The variable with the folder of a shop that has the sample titles and an admin, and is closed. */
export const FILLED = 'LECTERN_FILLED';

const OPENING_MS = 60_000;

export interface Wishes {
    /** Whether a worker makes transcripts inside the shop. */
    worker?: boolean;
    /** Nothing is in the shop yet: no title, no category, and nobody who runs it. */
    empty?: boolean;
    /** The address of an S3 server that keeps the files; a folder does without one. */
    s3?: string;
    /** Sentences of sample titles that are not believed: their places by the title's slug. */
    doubted?: Record<string, number[]>;
    /** More configuration, by the names of its environment variables. */
    settings?: Record<string, string>;
}

function target(): string {
    return process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
}

export function binary(): string {
    return process.env.LECTERN_BIN ?? join(target(), 'debug', 'lectern');
}

/** The shop's own speech engine. */
export function whisper(): string {
    return join(dirname(binary()), 'lectern-whisper');
}

/** A real shop in a folder of its own, filled with the sample titles. */
export class Shop {
    address = '';
    log = '';
    readonly data: string;
    private readonly settings: NodeJS.ProcessEnv;
    private readonly children: ChildProcess[] = [];
    private server?: ChildProcess;

    private constructor(wishes: Wishes) {
        const storage = wishes.s3 === undefined ? {} : bucketAt(wishes.s3);
        this.data = mkdtempSync(join(tmpdir(), 'lectern-journey-'));
        this.settings = {
            LECTERN_DATA_DIR: this.data,
            LECTERN_SITE__ROOT: process.env.LECTERN_SITE__ROOT ?? join(target(), 'site'),
            LECTERN_MODELS__DEMO_DIR: join(ROOT, 'models/demo'),
            LECTERN_WORKER__ENABLED: String(wishes.worker ?? false),
            ...storage,
            ...wishes.settings,
        };
    }

    static async open(wishes: Wishes = {}): Promise<Shop> {
        const shop = new Shop(wishes);
        try {
            if (!wishes.empty) shop.fill(wishes);
            await shop.start();
        } catch (error) {
            await shop.close();
            throw error;
        }
        return shop;
    }

    /** A shop that has the sample titles and somebody who runs it, and is not open. */
    static async filled(): Promise<Shop> {
        const shop = new Shop({});
        try {
            shop.fill({});
        } catch (error) {
            await shop.close();
            throw error;
        }
        return shop;
    }

    private fill({ doubted, s3 }: Wishes): void {
        const filled = process.env[FILLED];
        if (filled && !doubted && s3 === undefined) {
            cpSync(filled, this.data, { recursive: true });
            return;
        }
        this.command(['seed', '--from', this.samples(doubted)]);
        this.command(['admin', '--email', ADMIN.email, '--password-stdin'], `${ADMIN.password}\n`);
    }

    /** The folder of the sample titles, or a copy of it in which some sentences are doubted. */
    private samples(doubted: Record<string, number[]> = {}): string {
        const original = join(ROOT, 'seed');
        if (Object.keys(doubted).length === 0) return original;
        const copy = join(this.data, 'seed');
        cpSync(original, copy, { recursive: true });
        for (const [slug, places] of Object.entries(doubted)) {
            const file = join(copy, 'transcripts', `${slug}.json`);
            const transcript = JSON.parse(readFileSync(file, 'utf8'));
            for (const place of places) transcript.segments[place].flag = 'unsure';
            writeFileSync(file, JSON.stringify(transcript));
        }
        return copy;
    }

    private environment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
        const listen = this.address ? new URL(this.address).host : '127.0.0.1:0';
        return { ...process.env, NO_COLOR: '1', LECTERN_LISTEN: listen, ...this.settings, ...more };
    }

    private command(args: string[], input = ''): void {
        const run = spawnSync(binary(), args, { cwd: this.data, env: this.environment({}), input, encoding: 'utf8' });
        this.log += run.stdout + run.stderr;
        if (run.status !== 0) throw new Error(`lectern ${args[0]} ended with ${run.status}\n${run.error ?? ''}\n${this.log}`);
    }

    /** Starts one of the shop's processes. What it says is kept in the log, and it ends with the shop at the latest. */
    begin(args: string[], more: NodeJS.ProcessEnv = {}): ChildProcess {
        const child = spawn(binary(), args, { cwd: this.data, env: this.environment(more), stdio: ['ignore', 'pipe', 'pipe'] });
        for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece: Buffer) => (this.log += piece));
        this.children.push(child);
        return child;
    }

    /** Starts the server, at the address it had before where it was open already. */
    async start(): Promise<void> {
        const child = this.begin(['serve']);
        this.server = child;
        this.address = await new Promise<string>((open, fail) => {
            const late = setTimeout(() => fail(new Error(`the shop did not open\n${this.log}`)), OPENING_MS);
            let said = '';
            child.stdout?.on('data', (piece: Buffer) => {
                said += piece;
                const found = /Lectern is open at (http:\S+)/.exec(said);
                if (found) {
                    clearTimeout(late);
                    open(found[1]);
                }
            });
            child.on('error', fail);
            child.on('exit', (code) => {
                clearTimeout(late);
                fail(new Error(`the shop closed with ${code}\n${this.log}`));
            });
        });
    }

    /** Ends the server at once, as a power cut would. */
    async kill(): Promise<void> {
        if (this.server) await kill(this.server);
    }

    async close(): Promise<void> {
        await Promise.all(this.children.map(kill));
        if (existsSync(this.data)) rmSync(this.data, { recursive: true, force: true, maxRetries: 5 });
    }
}

/** Ends a process without a word of warning, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((gone) => child.once('exit', gone));
    child.kill('SIGKILL');
    await ended;
}
