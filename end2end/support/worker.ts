import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Shop, kill, whisper } from './server';

/** A stretch that the speech engine was asked to hear: its file of samples, and where in it. */
export type Stretch = string;

/** A worker in a process of its own, beside a shop. What it asks its speech engine is written down on the way. */
export class Worker {
    private constructor(
        private readonly process: ChildProcess,
        private readonly notes: string,
    ) {}

    static hire(shop: Shop, name: string): Worker {
        const notes = join(shop.data, `${name}.asked`);
        const engine = join(shop.data, `${name}.engine`);
        writeFileSync(engine, `#!/bin/sh\ntee -a '${notes}' | '${whisper()}'\n`, { mode: 0o755 });
        return new Worker(shop.begin(['work'], { LECTERN_ENGINES__WHISPER: engine }), notes);
    }

    /** The stretches that the engine was asked to hear, in this order. */
    asked(): Stretch[] {
        if (!existsSync(this.notes)) return [];
        // The last line may still be on its way.
        const lines = readFileSync(this.notes, 'utf8').split('\n').slice(0, -1);
        return lines
            .map((line) => JSON.parse(line))
            .filter((request) => request.type === 'transcribe')
            .map((request) => `${request.pcm_path} from ${request.offset_samples}`);
    }

    /** SIGKILL: no word of warning. */
    kill(): Promise<void> {
        return kill(this.process);
    }
}
