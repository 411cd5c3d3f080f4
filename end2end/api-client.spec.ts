import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { description, expect, test } from './support/programs';
import { ROOT } from './support/server';

/** Below the checkout, so that the packages of its node_modules are found. */
const FOLDER = join(ROOT, 'target/api-client');

function run(program: string, args: string[], environment: NodeJS.ProcessEnv = {}): string {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
        cwd: FOLDER,
        env: { ...process.env, ...environment },
        encoding: 'utf8',
    });
    expect(status, `${program} ${args[0]}: ${error ?? ''}${stdout}${stderr}`).toBe(0);
    return stdout;
}

test('a client whose types were made from the description compiles, buys a title and remembers a place in it', async ({ shop }) => {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    const program = (name: string) => join(ROOT, 'node_modules/.bin', name);
    await test.step('types are made of the description', () => {
        writeFileSync(join(FOLDER, 'openapi.json'), description());
        run(program('openapi-typescript'), ['openapi.json', '--output', 'lectern.d.ts']);
    });
    await test.step('the program of the documentation compiles', () => {
        copyFileSync(join(ROOT, 'docs/api/client.mts'), join(FOLDER, 'client.mts'));
        const strict = ['--strict', '--noUncheckedIndexedAccess', '--skipLibCheck', '--target', 'es2022', '--lib', 'es2022,dom'];
        run(program('tsc'), [...strict, '--module', 'nodenext', '--moduleResolution', 'nodenext', '--types', 'node', 'client.mts']);
    });
    await test.step('it does what it says', () => {
        expect(run(process.execPath, ['client.mjs'], { LECTERN: shop.address })).toContain('goes on at 61 s');
    });
});
