import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');
export const ADMIN = { email: 'admin@example.com', password: 'a quiet desk by the window' };

const OPENING_MS = 60_000;

export interface Wishes {
    /** Whether a worker makes transcripts beside the shop. */
    worker?: boolean;
    /** Further variables of the shop's environment. */
    settings?: Record<string, string>;
}

function binary(): string {
    const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
    return process.env.LECTERN_BIN ?? join(target, 'debug', 'lectern');
}

/** A real shop in a folder of its own, filled with the sample titles. */
export class Shop {
    address = '';
    log = '';
    readonly data = mkdtempSync(join(tmpdir(), 'lectern-journey-'));
    private child?: ChildProcess;

    private constructor(private readonly wishes: Wishes) {}

    static async open(wishes: Wishes = {}): Promise<Shop> {
        const shop = new Shop(wishes);
        try {
            shop.command(['seed', '--from', join(ROOT, 'seed')]);
            shop.command(['admin', '--email', ADMIN.email, '--password-stdin'], `${ADMIN.password}\n`);
            await shop.start();
        } catch (error) {
            await shop.close();
            throw error;
        }
        return shop;
    }

    private environment(listen: string): NodeJS.ProcessEnv {
        const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
        const env: NodeJS.ProcessEnv = {
            ...process.env,
            NO_COLOR: '1',
            LECTERN_LISTEN: listen,
            LECTERN_DATA_DIR: this.data,
            LECTERN_SITE__ROOT: process.env.LECTERN_SITE__ROOT ?? join(target, 'site'),
            LECTERN_MODELS__DEMO_DIR: join(ROOT, 'models/demo'),
            ...this.wishes.settings,
        };
        if (!this.wishes.worker) env.LECTERN_WORKER__ENABLED = 'false';
        return env;
    }

    private command(args: string[], input = ''): void {
        const run = spawnSync(binary(), args, {
            cwd: this.data,
            env: this.environment('127.0.0.1:0'),
            input,
            encoding: 'utf8',
        });
        this.log += run.stdout + run.stderr;
        if (run.status !== 0) throw new Error(`lectern ${args[0]} ended with ${run.status}\n${run.error ?? ''}\n${this.log}`);
    }

    /** Starts the server, at the address it had before where it was open already. */
    async start(): Promise<void> {
        const listen = this.address ? new URL(this.address).host : '127.0.0.1:0';
        const child = spawn(binary(), ['serve'], { cwd: this.data, env: this.environment(listen) });
        this.child = child;
        this.address = await new Promise<string>((open, fail) => {
            const late = setTimeout(() => fail(new Error(`the shop did not open\n${this.log}`)), OPENING_MS);
            let said = '';
            child.stdout.on('data', (piece: Buffer) => {
                this.log += piece;
                said += piece;
                const found = /Lectern is open at (http:\S+)/.exec(said);
                if (found) {
                    clearTimeout(late);
                    open(found[1]);
                }
            });
            child.stderr.on('data', (piece: Buffer) => (this.log += piece));
            child.on('error', fail);
            child.on('exit', (code) => {
                clearTimeout(late);
                fail(new Error(`the shop closed with ${code}\n${this.log}`));
            });
        });
    }

    /** Ends the server at once, as a power cut would. */
    async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
        const child = this.child;
        this.child = undefined;
        if (!child || child.exitCode !== null || child.signalCode !== null) return;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill(signal);
        await ended;
    }

    async close(): Promise<void> {
        await this.kill();
        if (existsSync(this.data)) rmSync(this.data, { recursive: true, force: true, maxRetries: 5 });
    }
}
