import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './support/programs';
import { ROOT } from './support/server';

const HEADING = '## From nothing to a bought book';
const WHERE = 'http://127.0.0.1:3000';

/** The commands of the guide, in order. */
function commands(): string[] {
    const text = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
    const guide = text.slice(text.indexOf(HEADING)).split(/^## /m)[1];
    return [...guide.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block);
}

test('every command of the guide does what the guide says, one after the other', async ({ shop, folder }) => {
    const blocks = commands();
    expect(blocks.length).toBeGreaterThan(5);
    expect(blocks[0]).toContain(WHERE);
    // One shell for all, as whoever reads it has one; what it runs is shown, so that a failure says which command it was.
    const script = ['set -euxo pipefail', ...blocks].join('\n').replaceAll(WHERE, shop.address);
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    expect(stdout, 'it ends with the book that was bought').toContain('The Bell at North Rock');
});
